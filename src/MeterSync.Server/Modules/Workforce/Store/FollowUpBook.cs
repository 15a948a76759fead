using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee.Rules;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A visit without a value that belongs to a cycle.</summary>
/// <param name="Region">Where the meter is; null for none.</param>
internal sealed record SkipInCycle(Skip Skip, CycleOfMeter Cycle, RegionId? Region);

/// <summary>Opens and closes follow-ups. Inside a transaction with the meter locked.</summary>
internal sealed class FollowUpBook(MeterSyncDb db, Outbox outbox, TimeProvider clock, IdSource ids)
{
    private const int AtOnce = 500;

    /// <summary>One for each meter that was skipped in the cycle before this one, too, and not read since; an event each.</summary>
    public async Task AfterSkipsAsync(IReadOnlyList<SkipInCycle> skipped, CancellationToken cancellationToken)
    {
        var twice = await SkippedTwiceAsync([.. skipped.GroupBy(one => one.Skip.MeterId).Select(group => group.MaxBy(one => one.Skip.SkippedAt)!)], cancellationToken);
        foreach (var part in twice.Chunk(AtOnce))
        {
            List<MeterId> meters = [.. part.Select(one => one.Now.Skip.MeterId)];
            var open = await db.Set<FollowUp>().Where(other => meters.Contains(other.MeterId) && other.Reason == FollowUpReason.SkippedTwice && other.ClosedAt == null).Select(other => other.MeterId).ToListAsync(cancellationToken);
            foreach (var (now, before) in part.Where(one => !open.Contains(one.Now.Skip.MeterId)))
            {
                var made = new FollowUp { Id = ids.Next<FollowUpId>(), MeterId = now.Skip.MeterId, Reason = FollowUpReason.SkippedTwice, OpenedAt = clock.GetUtcNow().ToStored(), Note = $"Skipped in {before.Name} and in {now.Cycle.Name}." };
                db.Add(made);
                outbox.Append(
                    WorkforceEvents.FollowUpOpened, new EventAbout(made.AuditName, made.Id.Value) { RegionId = now.Region }, new FollowUpsBegun(1, Terms<FollowUpReason>.WordOf(made.Reason), made.MeterId.Value, now.Cycle.Id.Value));
            }

            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Few meters were ever skipped before, so those are found first, then the cycle before this one, then whether somebody read them since.</summary>
    private async Task<IReadOnlyList<(SkipInCycle Now, CycleOfMeter Before)>> SkippedTwiceAsync(IReadOnlyList<SkipInCycle> skipped, CancellationToken cancellationToken)
    {
        var twice = new List<(SkipInCycle Now, CycleOfMeter Before)>();
        foreach (var part in skipped.Chunk(AtOnce))
        {
            List<MeterId> meters = [.. part.Select(one => one.Skip.MeterId)];
            var skips = (await db.Set<Skip>().Where(other => meters.Contains(other.MeterId) && other.CycleId != null).Select(other => new { other.MeterId, other.CycleId }).Distinct().ToListAsync(cancellationToken))
                .ToLookup(row => row.MeterId, row => row.CycleId!.Value);
            var candidates = part.Where(one => skips[one.Skip.MeterId].Any(cycle => cycle != one.Cycle.Id)).ToList();
            if (candidates.Count == 0)
            {
                continue;
            }

            meters = candidates.ConvertAll(one => one.Skip.MeterId);
            var latest = candidates.Max(one => one.Cycle.From);
            var before = (await db.Set<CycleMeter>().OfCycles(db).Where(one => meters.Contains(one.MeterId) && one.From < latest).ToListAsync(cancellationToken)).OrderByDescending(one => one.From).ToLookup(one => one.MeterId);
            twice.AddRange(candidates.Select(now => (Now: now, Before: before[now.Skip.MeterId].FirstOrDefault(one => one.From < now.Cycle.From && one.Id != now.Cycle.Id)!))
                .Where(pair => pair.Before is not null && skips[pair.Now.Skip.MeterId].Contains(pair.Before.Id)));
        }

        var read = new HashSet<MeterId>();
        foreach (var group in twice.GroupBy(pair => pair.Before.Id))
        {
            List<MeterId> meters = [.. group.Select(pair => pair.Now.Skip.MeterId)];
            var since = group.First().Before.From;
            var first = await db.OfReadings()
                .Where(reading => meters.Contains(reading.MeterId) && reading.ReadingAt >= since && reading.Source != ReadingSource.Estimate && (reading.State == ReadingState.Accepted || reading.State == ReadingState.Held))
                .GroupBy(reading => reading.MeterId).Select(readings => new { readings.Key, At = readings.Min(reading => reading.ReadingAt) }).ToDictionaryAsync(row => row.Key, row => row.At, cancellationToken);
            read.UnionWith(group.Where(pair => first.TryGetValue(pair.Now.Skip.MeterId, out var at) && at <= pair.Now.Skip.SkippedAt).Select(pair => pair.Now.Skip.MeterId));
        }

        return [.. twice.Where(pair => !read.Contains(pair.Now.Skip.MeterId))];
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

    /// <summary>Somebody got to the meters.</summary>
    public async Task CloseAllAsync(IReadOnlyCollection<MeterId> meters, CancellationToken cancellationToken)
    {
        if (meters.Count == 0)
        {
            return;
        }

        var open = await db.Among<FollowUp>(nameof(FollowUp.MeterId), meters.Select(meter => meter.Value)).Where(followUp => followUp.ClosedAt == null).ToListAsync(cancellationToken);
        if (open.Count > 0)
        {
            open.ForEach(followUp => followUp.ClosedAt = clock.GetUtcNow().ToStored());
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
