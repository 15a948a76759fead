using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace MeterSync.Modules.Workforce.CloseReadCycle;

internal sealed record CloseCycleInput(Guid CycleId, bool Estimate);

/// <param name="Missed">Left without any value.</param>
/// <param name="Cancelled">Assignments that were still open.</param>
/// <param name="NextId">The cycle planned after it; null where it does not repeat.</param>
internal sealed record CloseCycleResult(Guid CycleId, int Meters, int Estimated, int Missed, int Cancelled, Guid? NextId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CloseCycleInput))]
[JsonSerializable(typeof(CloseCycleResult))]
internal sealed partial class CloseCycleJson : JsonSerializerContext;

/// <summary>Estimates what was missed, ends the open work and plans the next cycle. Taken up again after a crash it goes on: what was estimated is missed no more.</summary>
internal sealed class CloseCycleJob(MeterSyncDb db, WriteTransactions transactions, CycleBook book, CycleCounts counts, IEstimates estimates, FollowUpBook followUps, WorkBook work, ChangeLog changes, Outbox outbox, OpenCycles open, IOrganisationSettings organisation, CallerAccessor callers, TimeProvider clock, IdSource ids, ILogger<CloseCycleJob> log) : IJobHandler
{
    private const int AtOnce = 500;
    private static readonly TimeSpan JustBefore = TimeSpan.FromSeconds(1);

    public const string JobKind = JobKinds.CloseCycle;

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(CloseCycleJson.Default.CloseCycleInput)!;
        var found = await book.FindAsync(new ReadCycleId(input.CycleId), cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        // Whoever may close the cycle closes all of it, also meters that left the closer's regions since it was opened.
        callers.Caller = callers.Caller with { Scope = DataScope.All };
        db.Forget();
        if (input.Estimate && found.Value.Status == CycleStatus.Open)
        {
            await EstimateAsync(found.Value, run.Report, cancellationToken);
        }

        run.Report(90, "Ending open work");
        var closed = await transactions.RunAsync(token => CloseAsync(found.Value.Id, input.Estimate, token), cancellationToken);
        if (!closed.Succeeded)
        {
            return closed.Problem;
        }

        await open.RefreshAsync(cancellationToken);
        return new JobResult(
            $"Closed: {closed.Value.Meters} meters, {closed.Value.Estimated} estimated, {closed.Value.Missed} missing, {closed.Value.Cancelled} assignments ended.",
            JsonSerializer.SerializeToElement(closed.Value, CloseCycleJson.Default.CloseCycleResult));
    }

    /// <summary>Estimates the last instant of the window, or now where the cycle closes before it ends.</summary>
    private async Task EstimateAsync(ReadCycle cycle, Action<double, string> report, CancellationToken cancellationToken)
    {
        var missing = await counts.MissingAsync(cycle, cancellationToken);
        var (last, now) = (cycle.WindowTo - JustBefore, clock.GetUtcNow().ToStored());
        await estimates.EstimateAsync(
            missing, last < now ? last : now, new EstimateTerms((cycle.WindowFrom, cycle.WindowTo), $"Estimated when {cycle.Name} was closed."), done => report(90.0 * done / Math.Max(1, missing.Count), $"Estimating meter {done} of {missing.Count}"), cancellationToken);
    }

    private async Task<Outcome<CloseCycleResult>> CloseAsync(ReadCycleId id, bool estimated, CancellationToken cancellationToken)
    {
        // All open ones: work may be carried over to another, which must not close in the same moment.
        await book.LockOpenAsync(cancellationToken);
        var found = await book.LockAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var cycle = found.Value;
        if (cycle.Status == CycleStatus.Closed)
        {
            var after = await db.Set<ReadCycle>().AsNoTracking().FirstOrDefaultAsync(other => other.PreviousId == id, cancellationToken);
            return new CloseCycleResult(id.Value, cycle.MeterCount, cycle.EstimatedCount, cycle.MissedCount, 0, after?.Id.Value);
        }

        var now = clock.GetUtcNow().ToStored();
        var count = await counts.CountAsync(cycle, cancellationToken);
        var cancelled = await EndWorkAsync(id, now, cancellationToken);
        (cycle.Status, cycle.ClosedAt, cycle.ClosedBy, cycle.UpdatedAt) = (CycleStatus.Closed, now, callers.Known?.UserId, now);
        (cycle.EstimatedCount, cycle.MissedCount) = (count.Estimated, count.Missing);
        var next = await NextOfAsync(cycle, now, cancellationToken);
        if (next is not null)
        {
            db.Add(next);
        }

        outbox.Append(
            WorkforceEvents.CycleClosed, new EventAbout(cycle.AuditName, id.Value) { RegionId = cycle.RegionId }, new CycleEnded(cycle.MeterCount, count.Estimated, count.Missing, cancelled, next?.Id.Value));
        transactions.Afterwards(() => log.LogInformation("Closed the read cycle {Cycle}: {Meters} meters, {Estimated} estimated, {Missed} missing, {Cancelled} assignments ended", id.Value, cycle.MeterCount, count.Estimated, count.Missing, cancelled));
        await db.SaveChangesAsync(cancellationToken);
        if (estimated)
        {
            await followUps.OpenEstimatedAsync(cycle, cancellationToken);
        }

        return new CloseCycleResult(id.Value, cycle.MeterCount, count.Estimated, count.Missing, cancelled, next?.Id.Value);
    }

    private async Task<int> EndWorkAsync(ReadCycleId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = db.Set<Assignment>().Where(one => one.CycleId == id && one.ReleasedAt == null);
        await work.LockAsync(await seen.Select(one => one.Id).ToListAsync(cancellationToken), cancellationToken);
        var rows = await seen.ToListAsync(cancellationToken);
        await work.LockAgentsAsync([.. rows.Select(row => row.AgentId).Distinct()], cancellationToken);
        var next = await ElsewhereAsync(id, [.. rows.Where(row => row.IsOpen).Select(row => row.MeterId)], cancellationToken);
        var cancelled = 0;
        foreach (var row in rows)
        {
            if (row.IsOpen && next.TryGetValue(row.MeterId, out var other))
            {
                work.CarryOver(row, other, now);
            }
            else if (row.IsOpen)
            {
                cancelled++;
                _ = work.Move(row, AssignmentStatus.Cancelled, "the read cycle was closed", now);
            }
            else
            {
                _ = work.Release(row, now);
            }
        }

        await changes.WriteAsync(cancellationToken);
        return cancelled;
    }

    /// <summary>Meters that stand in another open cycle, too: their work goes on for that one.</summary>
    private async Task<Dictionary<MeterId, ReadCycle>> ElsewhereAsync(ReadCycleId id, IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        var others = await db.Set<ReadCycle>().AsNoTracking().Where(cycle => cycle.Status == CycleStatus.Open && cycle.Id != id).ToDictionaryAsync(cycle => cycle.Id, cancellationToken);
        List<ReadCycleId> wanted = [.. others.Keys];
        var found = new Dictionary<MeterId, ReadCycle>();
        foreach (var part in wanted.Count == 0 ? [] : meters.Chunk(AtOnce))
        {
            foreach (var due in await db.Set<CycleMeter>().AsNoTracking().Where(due => part.Contains(due.MeterId) && wanted.Contains(due.CycleId) && due.SuccessorId == null).ToListAsync(cancellationToken))
            {
                var other = others[due.CycleId];
                found[due.MeterId] = found.TryGetValue(due.MeterId, out var known) && known.WindowFrom >= other.WindowFrom ? known : other;
            }
        }

        return found;
    }

    /// <summary>The window moves by whole months of the organisation's calendar, counted from the first cycle: one that begins on a 31st does so again after a February.</summary>
    private async Task<ReadCycle?> NextOfAsync(ReadCycle cycle, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var each = cycle.Repeats switch { CycleRepeats.Monthly => 1, CycleRepeats.Quarterly => 3, CycleRepeats.Yearly => 12, _ => 0 };
        if (each == 0)
        {
            return null;
        }

        var line = await db.Set<ReadCycle>().AsNoTracking().Where(other => other.Repeats == cycle.Repeats).Select(other => new { other.Id, other.PreviousId, other.WindowFrom, other.WindowTo }).ToDictionaryAsync(other => other.Id, cancellationToken);
        var (first, months) = (line[cycle.Id], each);
        while (first.PreviousId is { } before && line.TryGetValue(before, out var earlier))
        {
            (first, months) = (earlier, months + each);
        }

        return new ReadCycle
        {
            Id = ids.Next<ReadCycleId>(),
            Name = NameAfter(cycle, Later(first.WindowFrom)),
            Status = CycleStatus.Planned,
            WindowFrom = Later(first.WindowFrom),
            WindowTo = Later(first.WindowTo),
            MeterType = cycle.MeterType,
            RegionId = cycle.RegionId,
            LocationId = cycle.LocationId,
            Repeats = cycle.Repeats,
            PreviousId = cycle.Id,
            CreatedAt = now,
            UpdatedAt = now,
        };

        DateTimeOffset Later(DateTimeOffset at)
        {
            var zone = organisation.Current.Zone;
            return Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime.PlusMonths(months).InZoneLeniently(zone).ToDateTimeOffset().ToStored();
        }
    }

    private string NameAfter(ReadCycle cycle, DateTimeOffset from)
    {
        var stem = cycle.Name.Split(" · ")[0];
        return $"{(stem.Length > 85 ? stem[..85] : stem)} · {Instant.FromDateTimeOffset(from).InZone(organisation.Current.Zone).Date.ToString("uuuu-MM-dd", null)}";
    }
}
