using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Events;

/// <summary>Hands events out to whoever carries them on, to one at a time. One that is not settled comes again: handling is idempotent by event id.</summary>
internal sealed class OutboxQueue(MeterSyncDb db, WriteTransactions transactions, TimeProvider clock)
{
    /// <summary>The oldest events that wait and that nobody else is at. In a transaction of its own.</summary>
    /// <param name="most">How many at once.</param>
    /// <param name="lease">How long nobody else gets them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<OutboxEvent>> ClaimAsync(int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var claimed = await transactions.RunAsync<IReadOnlyList<OutboxEvent>>(
            async token =>
            {
                var events = await Waiting(now, most).ToListAsync(token);
                events.ForEach(one => one.ClaimedUntil = now + lease);
                await db.SaveChangesAsync(token);
                return events;
            },
            cancellationToken);
        return claimed.Value!;
    }

    /// <summary>They need not be handed out again.</summary>
    public async Task SettleAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        List<Guid> settled = [.. events];
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        await db.Set<OutboxEvent>().Where(one => settled.Contains(one.Id) && one.HandledAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.HandledAt, now).SetProperty(one => one.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
    }

    /// <summary>On SQLite there is one writer; on PostgreSQL those who ask at once pass over each other's.</summary>
    private IQueryable<OutboxEvent> Waiting(DateTimeOffset now, int most) => db.IsSqlite
        ? db.Set<OutboxEvent>().Where(one => one.HandledAt == null && (one.ClaimedUntil == null || one.ClaimedUntil <= now)).OrderBy(one => one.At).ThenBy(one => one.Id).Take(most)
        : db.Set<OutboxEvent>().FromSql($"select * from outbox_events where handled_at is null and (claimed_until is null or claimed_until <= {now}) order by at, id limit {most} for update skip locked");
}
