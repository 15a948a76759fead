using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Begins and ends sessions within the caller's transaction. <see cref="Forget"/> follows once that is committed.</summary>
internal sealed class Sessions(MeterSyncDb db, KeyRing keys, IOptions<AccountOptions> options, TimeProvider clock, IdSource ids)
{
    private const int AgentLength = 200;
    private readonly List<SessionId> ended = [];

    public Session Begin(User user, bool remember, string? ip, string agent)
    {
        var now = clock.GetUtcNow().ToStored();
        var session = new Session
        {
            Id = ids.Next<SessionId>(),
            UserId = user.Id,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + TimeSpan.FromDays(remember ? options.Value.RememberedDays : options.Value.RefreshTokenDays),
            IsRemembered = remember,
            IpAddress = ip,
            UserAgent = agent.Length > AgentLength ? agent[..AgentLength] : agent,
        };
        db.Set<Session>().Add(session);
        return session;
    }

    /// <summary>Ends one session at once. Past the change tracker: a phone that renews it meanwhile must not keep it alive.</summary>
    public async Task EndAsync(SessionId id, SessionEnd reason, CancellationToken cancellationToken)
    {
        await WriteAsync(db.Set<Session>().Where(session => session.Id == id), reason, cancellationToken);
        ended.Add(id);
    }

    /// <summary>Ends all sessions of a user but perhaps one. Returns how many.</summary>
    public async Task<int> EndAllAsync(UserId userId, SessionId? except, SessionEnd reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var open = await db.Set<Session>().Where(session => session.UserId == userId && session.RevokedAt == null && session.ExpiresAt > now).Select(session => session.Id).ToListAsync(cancellationToken);
        open.RemoveAll(session => session == except);
        await WriteAsync(db.Set<Session>().Where(session => open.Contains(session.Id)), reason, cancellationToken);
        ended.AddRange(open);
        return open.Count;
    }

    private async Task WriteAsync(IQueryable<Session> sessions, SessionEnd reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        using var turn = db.IsSqlite && db.Database.CurrentTransaction is null ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        await sessions.Where(session => session.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(session => session.RevokedAt, now).SetProperty(session => session.EndReason, reason), cancellationToken);
    }

    /// <summary>Makes the access tokens of what was ended worthless in this process at once.</summary>
    public void Forget()
    {
        keys.Revoke(ended);
        ended.Clear();
    }
}
