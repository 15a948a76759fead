using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.Rights;

/// <summary>Who may do what right now, in memory: every user, role and API key. <see cref="LoadAsync"/> reads what changed since the last time,
/// after a change in this process at once and otherwise every ten seconds.</summary>
internal sealed class AccessDirectory(IServiceScopeFactory scopes, PermissionCatalog catalog, TimeProvider clock, ILogger<AccessDirectory> log) : IAccessDirectory, IApiKeys, IDisposable
{
    /// <summary>How far the clocks of several processes may be apart, and how long a change may take to be committed.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<Guid, KnownUser> users = new();
    private readonly ConcurrentDictionary<Guid, KnownKey> keys = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> used = new();
    private readonly SemaphoreSlim turn = new(1);
    private volatile RoleBook roles = new(catalog, []);
    private DateTimeOffset? loadedAt;

    public RoleBook Roles => roles;

    public Access? Find(UserId id) => users.TryGetValue(id.Value, out var user) ? user.Under(roles) : null;

    public async Task<Access?> FindAsync(UserId id, CancellationToken cancellationToken)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        await LoadAsync(cancellationToken);
        return Find(id);
    }

    /// <summary>What a user's row grants, whether or not the person may come in.</summary>
    public Access Of(User user) => KnownUser.AccessOf(user.Name, user.Roles, user.Scope, user.Regions, roles);

    public ApiKeyHolder? HolderOf(string text)
    {
        var holder = Open(text);
        if (holder is null && text.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal))
        {
            SignInMetrics.ApiKeyRefused();
        }

        return holder;
    }

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            var begun = clock.GetUtcNow();
            await LoadRolesAsync(db, cancellationToken);
            var since = (loadedAt - Overlap ?? DateTimeOffset.UnixEpoch).ToStored();
            await foreach (var user in db.Set<User>().AsNoTracking().Where(user => user.UpdatedAt >= since).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                Keep(user);
            }

            await foreach (var key in db.Set<ApiKey>().AsNoTracking().Where(key => key.UpdatedAt >= since).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                Keep(key);
            }

            loadedAt = begun;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>After a change that is committed: what cannot be read now is read within ten seconds, and the change is not reported as failed for it.</summary>
    public async Task FollowAsync()
    {
        try
        {
            await LoadAsync(CancellationToken.None);
        }
        catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
        {
            log.LogWarning(exception, "A change of rights is committed but could not be read back; it holds within ten seconds");
        }
    }

    /// <summary>Writes down when keys were used.</summary>
    public async Task KeepUseAsync(CancellationToken cancellationToken)
    {
        if (used.IsEmpty)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        using var turnToWrite = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        foreach (var (id, at) in used.ToArray())
        {
            var (key, stored) = (new ApiKeyId(id), at.ToStored());
            await db.Set<ApiKey>().Where(known => known.Id == key).ExecuteUpdateAsync(set => set.SetProperty(known => known.LastUsedAt, stored), cancellationToken);
            used.TryRemove(new KeyValuePair<Guid, DateTimeOffset>(id, at));
        }
    }

    public void Dispose() => turn.Dispose();

    private ApiKeyHolder? Open(string text)
    {
        if (ApiKeyText.Parse(text) is not { } presented || !keys.TryGetValue(presented.Id.Value, out var key)
            || !CryptographicOperations.FixedTimeEquals(key.Hash, presented.Hash) || key.ExpiresAt <= clock.GetUtcNow() || Find(key.UserId) is not { } owner)
        {
            return null;
        }

        used[presented.Id.Value] = clock.GetUtcNow();
        return new ApiKeyHolder(presented.Id, key.UserId, key.Name, owner with { Permissions = key.Within(owner.Permissions) });
    }

    private void Keep(User user)
    {
        if (user.MayComeIn)
        {
            users[user.Id.Value] = new KnownUser(user.Name, user.Roles, user.Scope, user.Regions);
        }
        else
        {
            users.TryRemove(user.Id.Value, out _);
        }
    }

    private void Keep(ApiKey key)
    {
        if (key.RevokedAt is null)
        {
            keys[key.Id.Value] = new KnownKey(key.UserId, key.Name, key.Hash, WordList.Of(key.Permissions).ToFrozenSet(), key.ExpiresAt);
        }
        else
        {
            keys.TryRemove(key.Id.Value, out _);
        }
    }

    private async Task LoadRolesAsync(MeterSyncDb db, CancellationToken cancellationToken)
    {
        var book = new RoleBook(catalog, await db.Set<Role>().AsNoTracking().ToListAsync(cancellationToken));
        if (!book.Edition.SequenceEqual(roles.Edition))
        {
            roles = book;
        }
    }

    private sealed class KnownUser(string name, string roles, UserScope scope, string regions)
    {
        private sealed record Seen(RoleBook Book, Access Access);

        private volatile Seen? last;

        public Access Under(RoleBook book)
        {
            if (last is not { } known || !ReferenceEquals(known.Book, book))
            {
                last = known = new Seen(book, AccessOf(name, roles, scope, regions, book));
            }

            return known.Access;
        }

        public static Access AccessOf(string name, string roles, UserScope scope, string regions, RoleBook book)
        {
            var grant = book.Of(roles);
            return new Access(name, WordList.First(roles), grant.ScopeOf(scope, regions), grant.Permissions);
        }
    }

    private sealed class KnownKey(UserId userId, string name, byte[] hash, FrozenSet<string> permissions, DateTimeOffset? expiresAt)
    {
        private sealed record Narrowed(FrozenSet<string> Owner, FrozenSet<string> Both);

        private volatile Narrowed? last;

        public UserId UserId => userId;

        public string Name => name;

        public byte[] Hash => hash;

        public DateTimeOffset? ExpiresAt => expiresAt;

        /// <summary>The key's permissions that its owner still holds.</summary>
        public FrozenSet<string> Within(FrozenSet<string> owner)
        {
            if (last is not { } known || !ReferenceEquals(known.Owner, owner))
            {
                last = known = new Narrowed(owner, permissions.Where(owner.Contains).ToFrozenSet());
            }

            return known.Both;
        }
    }
}
