using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Begins and ends sessions within the caller's save. <see cref="Forget"/> follows once that is committed.</summary>
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

    public void End(Session session, SessionEnd reason)
    {
        if (session.RevokedAt is null)
        {
            (session.RevokedAt, session.EndReason) = (clock.GetUtcNow().ToStored(), reason);
            ended.Add(session.Id);
        }
    }

    /// <summary>Ends all sessions of a user but perhaps one. Returns how many.</summary>
    public async Task<int> EndAllAsync(UserId userId, SessionId? except, SessionEnd reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var sessions = await db.Set<Session>().Where(session => session.UserId == userId && session.RevokedAt == null && session.ExpiresAt > now).ToListAsync(cancellationToken);
        sessions.RemoveAll(session => session.Id == except);
        sessions.ForEach(session => End(session, reason));
        return sessions.Count;
    }

    /// <summary>Makes the access tokens of what was ended worthless in this process at once.</summary>
    public void Forget()
    {
        keys.Revoke(ended);
        ended.Clear();
    }
}
