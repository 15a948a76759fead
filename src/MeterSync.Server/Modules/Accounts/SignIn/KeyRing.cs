using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>The signing keys and the lately ended sessions, in memory, so that checking a token asks no database. <see cref="LoadAsync"/> refreshes both.</summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, IOptions<AccountOptions> options, TimeProvider clock) : IAccessTokens
{
    private const int SecretBytes = 32;
    private FrozenDictionary<string, SymmetricSecurityKey> keys = FrozenDictionary<string, SymmetricSecurityKey>.Empty;
    private FrozenSet<string> revoked = FrozenSet<string>.Empty;
    private SymmetricSecurityKey? newest;
    private byte[] refreshSecret = [];
    private volatile object epoch = new();
    private readonly Lock revoking = new();
    private readonly List<(string Session, DateTimeOffset At)> endedHere = [];

    public object Epoch => epoch;

    /// <summary>Signs new access tokens.</summary>
    public SymmetricSecurityKey Newest => newest ?? throw new InvalidOperationException("The key ring has not been loaded.");

    public IEnumerable<SecurityKey> KeyOf(string? kid) => kid is not null && keys.TryGetValue(kid, out var key) ? [key] : [];

    public bool IsRevoked(ClaimsPrincipal? principal) =>
        principal?.FindFirstValue(TokenClaims.Session) is not { } session || revoked.Contains(session);

    /// <summary>The refresh token with this number of a session. Made from a key rather than kept, so that a lost answer can be given again.</summary>
    public string RefreshToken(SessionId session, int generation)
    {
        Span<byte> body = stackalloc byte[20];
        session.Value.TryWriteBytes(body, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(body[16..], generation);
        Span<byte> token = stackalloc byte[20 + 32];
        body.CopyTo(token);
        HMACSHA256.HashData(refreshSecret, body, token[20..]);
        return System.Buffers.Text.Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a refresh token back; false where it is not one of ours.</summary>
    public bool TryRead(string token, out SessionId session, out int generation)
    {
        session = default;
        generation = 0;
        Span<byte> bytes = stackalloc byte[20 + 32];
        if (token.Length > 128 || !System.Buffers.Text.Base64Url.IsValid(token, out var length) || length != bytes.Length || !System.Buffers.Text.Base64Url.TryDecodeFromChars(token, bytes, out _))
        {
            return false;
        }

        session = new SessionId(new Guid(bytes[..16], bigEndian: true));
        generation = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(RefreshToken(session, generation)), Encoding.ASCII.GetBytes(token));
    }

    /// <summary>Reads keys and ended sessions, and makes the next key when the newest has reached its age.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var now = clock.GetUtcNow().ToStored();
        var stored = await db.Set<SigningKey>().AsNoTracking().ToListAsync(cancellationToken);
        var refresh = stored.Find(key => key.Kid == "refresh") ?? await AddAsync(db, "refresh", now, cancellationToken);
        var ring = stored.Where(key => key.Kid != "refresh").OrderBy(key => key.CreatedAt).ToList();
        if (options.Value.SigningKey is { Length: > 0 } configured)
        {
            ring.Add(new SigningKey { Kid = "configured", Secret = Encoding.UTF8.GetBytes(configured), CreatedAt = now });
        }
        else if (ring.Count == 0 || ring[^1].CreatedAt < now - TimeSpan.FromDays(options.Value.KeyRotationDays))
        {
            ring.Add(await AddAsync(db, "k" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), now, cancellationToken));
        }

        var since = now - TimeSpan.FromMinutes(options.Value.AccessTokenMinutes + 5);
        var ended = await db.Set<Session>().Where(session => session.RevokedAt > since).Select(session => session.Id).ToListAsync(cancellationToken);
        refreshSecret = refresh.Secret;
        var isSameRing = ring.Count == keys.Count && ring.TrueForAll(key => keys.TryGetValue(key.Kid, out var known) && known.Key.AsSpan().SequenceEqual(key.Secret));
        if (!isSameRing)
        {
            keys = ring.ToFrozenDictionary(key => key.Kid, key => new SymmetricSecurityKey(key.Secret) { KeyId = key.Kid });
        }

        newest = keys[ring[^1].Kid];
        lock (revoking)
        {
            // What was ended here while the question was on its way may not be in its answer.
            endedHere.RemoveAll(end => end.At < since);
            var ends = ended.Select(id => id.Value.ToString()).Concat(endedHere.Select(end => end.Session)).ToFrozenSet();
            var isNews = !isSameRing || !ends.IsSubsetOf(revoked);
            revoked = ends;
            if (isNews)
            {
                // Verdicts found before stay good while no further session has ended.
                epoch = new object();
            }
        }
    }

    /// <summary>Ends the access tokens of several sessions in this process at once; others follow at their next load.</summary>
    public void Revoke(IEnumerable<SessionId> sessions)
    {
        foreach (var session in sessions)
        {
            Revoke(session);
        }
    }

    /// <summary>Ends a session's access tokens in this process at once; others follow at their next load.</summary>
    public void Revoke(SessionId session)
    {
        lock (revoking)
        {
            endedHere.Add((session.Value.ToString(), clock.GetUtcNow()));
            revoked = revoked.Append(session.Value.ToString()).ToFrozenSet();
            epoch = new object();
        }
    }

    private static async Task<SigningKey> AddAsync(MeterSyncDb db, string kid, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = new SigningKey { Kid = kid, Secret = RandomNumberGenerator.GetBytes(SecretBytes), CreatedAt = now };
        db.Set<SigningKey>().Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }
}
