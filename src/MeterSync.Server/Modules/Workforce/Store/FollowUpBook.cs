using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee.Rules;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Opens and closes follow-ups. Inside a transaction with the meter locked.</summary>
internal sealed class FollowUpBook(MeterSyncDb db, TimeProvider clock, IdSource ids)
{
    /// <summary>The meter was skipped in the cycle before this one, too, and not read since.</summary>
    public async Task AfterSkipAsync(Skip skip, ReadCycle cycle, CancellationToken cancellationToken)
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
            await OpenAsync(skip.MeterId, FollowUpReason.SkippedTwice, $"Skipped in {before.Name} and in {cycle.Name}.", cancellationToken);
        }
    }

    /// <summary>Adds one for every meter whose estimate in the window of a cycle carries VEE-114, as it is stored: also for those that were estimated before the closing was taken up again.
    /// One query; the caller saves.</summary>
    public async Task AddEstimatedAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        var (from, to, now) = (cycle.WindowFrom, cycle.WindowTo, clock.GetUtcNow().ToStored());
        var repeatedly = await db.Set<CycleMeter>()
            .Where(due => due.CycleId == cycle.Id && !db.Set<FollowUp>().Any(open => open.MeterId == due.MeterId && open.Reason == FollowUpReason.EstimatedRepeatedly && open.ClosedAt == null))
            .Where(due => db.OfReadings().Any(reading => reading.MeterId == due.MeterId && reading.ReadingAt >= from && reading.ReadingAt < to && reading.Source == ReadingSource.Estimate
                && db.OfValues().Any(value => value.ReadingId == reading.Id && (value.State == ReadingState.Accepted || value.State == ReadingState.Held) && value.Flags.Contains(ConsecutiveEstimatesRule.RuleId))))
            .OrderBy(due => due.MeterId).Select(due => due.MeterId).ToListAsync(cancellationToken);
        db.AddRange(repeatedly.Select(meter => NewOf(meter, FollowUpReason.EstimatedRepeatedly, $"Estimated again in {cycle.Name}.", now)));
    }

    /// <summary>One at a time for each reason.</summary>
    private async Task OpenAsync(MeterId meter, FollowUpReason reason, string note, CancellationToken cancellationToken)
    {
        if (await db.Set<FollowUp>().AnyAsync(open => open.MeterId == meter && open.Reason == reason && open.ClosedAt == null, cancellationToken))
        {
            return;
        }

        db.Add(NewOf(meter, reason, note, clock.GetUtcNow().ToStored()));
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

    private FollowUp NewOf(MeterId meter, FollowUpReason reason, string note, DateTimeOffset now) => new() { Id = ids.Next<FollowUpId>(), MeterId = meter, Reason = reason, OpenedAt = now, Note = note };
}
