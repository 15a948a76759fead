using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee.Rules;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Opens and closes follow-ups. Inside a transaction with the meter locked.</summary>
internal sealed class FollowUpBook(MeterSyncDb db, Outbox outbox, TimeProvider clock, IdSource ids)
{
    private const int AtOnce = 500;

    /// <summary>The meter was skipped in the cycle before this one, too, and not read since.</summary>
    public async Task AfterSkipAsync(Skip skip, ReadCycle cycle, RegionId? region, CancellationToken cancellationToken)
    {
        var before = await db.Set<ReadCycle>().AsNoTracking()
            .Where(other => other.WindowFrom < cycle.WindowFrom && other.Id != cycle.Id && other.Status != CycleStatus.Planned && db.Set<CycleMeter>().Any(due => due.CycleId == other.Id && due.MeterId == skip.MeterId))
            .OrderByDescending(other => other.WindowFrom).FirstOrDefaultAsync(cancellationToken);
        if (before is null || !await db.Set<Skip>().AnyAsync(other => other.CycleId == before.Id && other.MeterId == skip.MeterId, cancellationToken))
        {
            return;
        }

        var isRead = await db.OfReadings().AnyAsync(
            reading => reading.MeterId == skip.MeterId && reading.ReadingAt >= before.WindowFrom && reading.ReadingAt <= skip.SkippedAt && reading.Source != ReadingSource.Estimate && (reading.State == ReadingState.Accepted || reading.State == ReadingState.Held), cancellationToken);
        if (!isRead)
        {
            await OpenAsync([skip.MeterId], FollowUpReason.SkippedTwice, $"Skipped in {before.Name} and in {cycle.Name}.", cycle.Id, region, cancellationToken);
        }
    }

    /// <summary>One for every meter whose estimate in the window of a cycle carries VEE-114, as it is stored: also for those that were estimated before the closing was taken up again.</summary>
    public async Task OpenEstimatedAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        var (from, to) = (cycle.WindowFrom, cycle.WindowTo);
        var repeatedly = await db.Set<CycleMeter>().Where(due => due.CycleId == cycle.Id && due.SuccessorId == null).Select(due => due.MeterId)
            .Where(meter => db.OfReadings().Any(reading => reading.MeterId == meter && reading.ReadingAt >= from && reading.ReadingAt < to && reading.Source == ReadingSource.Estimate
                && db.OfValues().Any(value => value.ReadingId == reading.Id && (value.State == ReadingState.Accepted || value.State == ReadingState.Held) && value.Flags.Contains(ConsecutiveEstimatesRule.RuleId))))
            .OrderBy(meter => meter).ToListAsync(cancellationToken);
        await OpenAsync(repeatedly, FollowUpReason.EstimatedRepeatedly, $"Estimated again in {cycle.Name}.", cycle.Id, cycle.RegionId, cancellationToken);
    }

    /// <summary>For each of the meters, unless one of that reason is open. One event for all.</summary>
    /// <param name="of">The meters.</param>
    /// <param name="reason">Why.</param>
    /// <param name="note">In words.</param>
    /// <param name="cycle">In which it came about.</param>
    /// <param name="region">Where all of them are; null where that is not known.</param>
    /// <param name="cancellationToken">Stops.</param>
    private async Task OpenAsync(IReadOnlyCollection<MeterId> of, FollowUpReason reason, string note, ReadCycleId cycle, RegionId? region, CancellationToken cancellationToken)
    {
        var opened = new List<FollowUp>();
        foreach (var part in of.Chunk(AtOnce))
        {
            var open = await db.Set<FollowUp>().Where(other => part.Contains(other.MeterId) && other.Reason == reason && other.ClosedAt == null).Select(other => other.MeterId).ToListAsync(cancellationToken);
            opened.AddRange(part.Except(open).Select(meter => new FollowUp { Id = ids.Next<FollowUpId>(), MeterId = meter, Reason = reason, OpenedAt = clock.GetUtcNow().ToStored(), Note = note }));
        }

        if (opened.Count == 0)
        {
            return;
        }

        db.AddRange(opened);
        outbox.Append(
            WorkforceEvents.FollowUpOpened,
            (opened is [var only] ? new EventAbout("follow_up", only.Id.Value) : new EventAbout("read_cycle", cycle.Value)) with { RegionId = region },
            new FollowUpsBegun(opened.Count, Terms<FollowUpReason>.WordOf(reason), opened is [var one] ? one.MeterId.Value : null, cycle.Value));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Somebody got to the meter.</summary>
    public async Task CloseAllAsync(MeterId meter, CancellationToken cancellationToken)
    {
        var open = await db.Set<FollowUp>().Where(followUp => followUp.MeterId == meter && followUp.ClosedAt == null).ToListAsync(cancellationToken);
        if (open.Count > 0)
        {
            open.ForEach(followUp => followUp.ClosedAt = clock.GetUtcNow().ToStored());
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
