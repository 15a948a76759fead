using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Store;
using MeterSync.Store.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>The signing keys and the lately ended sessions, in memory, so that checking a token asks no database. <see cref="LoadAsync"/> refreshes both.</summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, SecretBox box, IOptions<AccountOptions> options, TimeProvider clock, ILogger<KeyRing> log) : IAccessTokens
{
    private const int SecretBytes = 32;
    private const string Refresh = "refresh";
    private FrozenDictionary<string, SymmetricSecurityKey> keys = FrozenDictionary<string, SymmetricSecurityKey>.Empty;
    private FrozenSet<string> revoked = FrozenSet<string>.Empty;
    private SymmetricSecurityKey? newest;
    private byte[] refreshSecret = [];
    private volatile object epoch = new();
    private readonly ConcurrentDictionary<string, byte[]?> opened = new();
    private bool toldOfLostKeys;
    private readonly Lock revoking = new();
    private readonly List<(string Session, DateTimeOffset At)> endedHere = [];

    public object Epoch => epoch;

    /// <summary>Signs new access tokens.</summary>
    public SymmetricSecurityKey Newest => newest ?? throw new InvalidOperationException("The key ring has not been loaded.");

    public IEnumerable<SecurityKey> KeyOf(string? kid) => kid is not null && keys.TryGetValue(kid, out var key) ? [key] : [];

    public bool IsRevoked(ClaimsPrincipal? principal) =>
        principal?.FindFirstValue(TokenClaims.Session) is not { } session || revoked.Contains(session);

    public byte[] Fingerprint(byte[] hash) => HMACSHA256.HashData(refreshSecret, hash);

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
        var stored = Open(await db.Set<SigningKey>().AsNoTracking().OrderBy(key => key.CreatedAt).ToListAsync(cancellationToken));
        var refresh = stored.FindLast(key => key.Kid.StartsWith(Refresh, StringComparison.Ordinal)) ?? await AddAsync(db, Refresh + "-" + RandomKid(), now, cancellationToken);
        var ring = Living([.. stored.Where(key => !key.Kid.StartsWith(Refresh, StringComparison.Ordinal))], now);
        if (options.Value.SigningKey is { Length: > 0 } configured)
        {
            ring.Clear();
            ring.Add(new SigningKey { Kid = "configured", Secret = Encoding.UTF8.GetBytes(configured), CreatedAt = now });
        }
        else if (ring.Count == 0 || ring[^1].CreatedAt < now - TimeSpan.FromDays(options.Value.KeyRotationDays))
        {
            ring.Add(await AddAsync(db, "k" + RandomKid(), now, cancellationToken));
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

    /// <summary>The newest key, and those before it as long as a token signed with one may still be good.</summary>
    private List<SigningKey> Living(List<SigningKey> ring, DateTimeOffset now)
    {
        var since = now - TimeSpan.FromMinutes(options.Value.AccessTokenMinutes + 5);
        return [.. ring.Where((_, index) => index == ring.Count - 1 || ring[index + 1].CreatedAt > since)];
    }

    private static string RandomKid() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>The keys with their secrets in clear. Those that the keys in this data directory do not open are left out, and followed by new ones.</summary>
    private List<SigningKey> Open(List<SigningKey> stored)
    {
        var open = stored.FindAll(key => (opened.TryGetValue(key.Kid, out var secret) ? secret : opened[key.Kid] = box.TryOpen(SecretBox.SigningKeys, key.Secret)) is not null);
        if (open.Count < stored.Count && !toldOfLostKeys)
        {
            toldOfLostKeys = true;
            log.LogWarning("{Count} signing keys cannot be read: the keys directory that belongs to this database is missing. New ones are made; everybody has to sign in again", stored.Count - open.Count);
        }

        return open.ConvertAll(key => new SigningKey { Kid = key.Kid, Secret = opened[key.Kid]!, CreatedAt = key.CreatedAt });
    }

    private async Task<SigningKey> AddAsync(MeterSyncDb db, string kid, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        db.Set<SigningKey>().Add(new SigningKey { Kid = kid, Secret = box.Seal(SecretBox.SigningKeys, secret), CreatedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        opened[kid] = secret;
        return new SigningKey { Kid = kid, Secret = secret, CreatedAt = now };
    }
}
