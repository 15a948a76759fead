using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Somebody was at a meter.</summary>
/// <param name="At">When.</param>
/// <param name="Only">Ends the work of this agent only; null for anybody's.</param>
/// <param name="ReadingId">The reading; null for a skip.</param>
/// <param name="Notes">What is said of it.</param>
internal sealed record EndingVisit(MeterId MeterId, DateTimeOffset At, UserId? Only, ReadingId? ReadingId, string? Notes)
{
    /// <summary>Whether the visit counts for work on its meter, as far as time and agent go. It can still be asked of work that was ended.</summary>
    public bool Ends(Assignment work) => At >= work.VisitsFrom && (Only is not { } agent || work.AgentId == agent);
}

/// <summary>Ends the open work on many meters because somebody was there, by the rule of <see cref="WorkBook.CompleteAsync"/>, in a number of queries that does not grow with them. Inside
/// <see cref="WriteTransactions"/>, with the meters locked; what was changed before is saved.</summary>
internal sealed class EndWork(MeterSyncDb db, BulkStore bulk, WorkBook work, ChangeLog changes, TimeProvider clock)
{
    /// <summary>Of several visits to one meter the first in the list that may end the work does.</summary>
    /// <returns>The work that was ended, saved and not tracked; meters without any are absent.</returns>
    public async Task<IReadOnlyDictionary<MeterId, Assignment>> CompleteAsync(IReadOnlyList<EndingVisit> visits, CancellationToken cancellationToken)
    {
        var open = await LockOpenAsync([.. visits.Select(visit => visit.MeterId).Distinct()], cancellationToken);
        var ended = new Dictionary<MeterId, Assignment>();
        var now = clock.GetUtcNow().ToStored();
        var revisions = new Revisions<Assignment>(db, bulk);
        foreach (var visit in visits)
        {
            if (open.TryGetValue(visit.MeterId, out var found) && found.IsOpen && visit.Ends(found))
            {
                revisions.Begin(found);
                found.ReadingId = visit.ReadingId;
                _ = work.Move(found, AssignmentStatus.Completed, visit.Notes, now);
                ended.Add(visit.MeterId, found);
            }
        }

        if (ended.Count > 0)
        {
            await revisions.WriteAsync(cancellationToken);
            await changes.WriteAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken); // the news of it
            ForgetOlder([.. ended.Values.Select(work => work.Id)]);
        }

        return ended;
    }

    /// <summary>What an earlier step of the transaction still holds of this work is older than what was written past the tracker.</summary>
    private void ForgetOlder(HashSet<AssignmentId> ended)
    {
        foreach (var entry in db.ChangeTracker.Entries<Assignment>().Where(entry => ended.Contains(entry.Entity.Id)).ToList())
        {
            entry.State = EntityState.Detached;
        }
    }

    /// <summary>The open work on the meters, not tracked. Locked and read in one statement, in the order of everybody.</summary>
    private async Task<IReadOnlyDictionary<MeterId, Assignment>> LockOpenAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        if (meters.Count == 0)
        {
            return new Dictionary<MeterId, Assignment>();
        }

        Guid[] keys = [.. meters.Select(meter => meter.Value)];
        var open = db.IsSqlite
            ? db.Among<Assignment>(nameof(Assignment.MeterId), keys).Where(one => one.Status == AssignmentStatus.Pending || one.Status == AssignmentStatus.InProgress || one.Status == AssignmentStatus.Overdue)
            : db.Set<Assignment>().FromSql($"select * from assignments where meter_id = any({keys}) and status in ('pending', 'in_progress', 'overdue') order by id for update");
        return await open.AsNoTracking().ToDictionaryAsync(found => found.MeterId, cancellationToken);
    }
}
