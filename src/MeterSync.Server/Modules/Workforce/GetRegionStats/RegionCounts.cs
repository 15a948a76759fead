using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.GetRegionStats;

/// <summary>Counts what hangs on the meters that are in a region now, as far as the caller sees it.</summary>
internal sealed class RegionCounts(MeterSyncDb db, CallerAccessor callers)
{
    private Caller Caller => callers.Caller;

    public async Task<(IReadOnlyDictionary<string, int> ByStatus, IReadOnlyDictionary<string, int> ByType)> MetersAsync(RegionId region, CancellationToken cancellationToken)
    {
        var rows = await Meters(region).GroupBy(meter => new { meter.Status, meter.Type }).Select(group => new { group.Key.Status, group.Key.Type, Count = group.Count() }).ToListAsync(cancellationToken);
        return (Words<MeterStatus>(status => rows.Where(row => row.Status == status).Sum(row => row.Count)), Words<MeterType>(type => rows.Where(row => row.Type == type).Sum(row => row.Count)));
    }

    public async Task<IReadOnlyDictionary<string, int>> AgentsAsync(RegionId region, CancellationToken cancellationToken)
    {
        var rows = await db.Set<Agent>().VisibleTo(Caller).Where(agent => agent.RegionId == region && agent.RetiredAt == null)
            .GroupBy(agent => agent.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        return Words<AgentStatus>(status => rows.GetValueOrDefault(status));
    }

    public async Task<RegionWorkView> WorkAsync(RegionId region, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var meters = db.MetersFrom([region]);
        var rows = await db.Set<Assignment>().VisibleTo(db, Caller)
            .Where(work => meters.Contains(work.MeterId) && (Transitions.Open.Contains(work.Status) || (work.Status == AssignmentStatus.Completed && work.CompletedAt >= from && work.CompletedAt < to)))
            .GroupBy(work => work.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var (pending, started, overdue) = (rows.GetValueOrDefault(AssignmentStatus.Pending), rows.GetValueOrDefault(AssignmentStatus.InProgress), rows.GetValueOrDefault(AssignmentStatus.Overdue));
        return new RegionWorkView(pending + started + overdue, pending, started, overdue, rows.GetValueOrDefault(AssignmentStatus.Completed));
    }

    /// <summary>Readings of the period, and how many active meters have an accepted one among them that nobody estimated. One walk for both.</summary>
    public async Task<(RegionReadingsView Readings, int Covered)> ReadingsAsync(RegionId region, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var readings = db.OfReadings().Where(reading => reading.ReadingAt >= from && reading.ReadingAt < to);
        if (Caller.OwnOnly is { } own)
        {
            readings = readings.Where(reading => reading.AgentId == own);
        }

        var rows = await (
            from meter in Meters(region)
            join reading in readings on meter.Id equals reading.MeterId
            group new { meter, reading } by reading.State into state
            select new
            {
                state.Key,
                Count = state.Count(),
                Meters = state.Where(row => row.meter.Status == MeterStatus.Active && row.reading.Source != ReadingSource.Estimate).Select(row => row.meter.Id).Distinct().Count(),
            }).ToDictionaryAsync(row => row.Key, cancellationToken);
        int Of(ReadingState state) => rows.GetValueOrDefault(state)?.Count ?? 0;
        return (new RegionReadingsView(Of(ReadingState.Accepted), Of(ReadingState.Held), Of(ReadingState.Rejected)), rows.GetValueOrDefault(ReadingState.Accepted)?.Meters ?? 0);
    }

    public async Task<IReadOnlyDictionary<SkipCode, int>> SkipsAsync(RegionId region, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var meters = db.MetersFrom([region]);
        return await db.Set<Skip>().VisibleTo(db, Caller).Where(skip => skip.SkippedAt >= from && skip.SkippedAt < to && meters.Contains(skip.MeterId))
            .GroupBy(skip => skip.Code).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
    }

    /// <summary>Those in the region alone: a caller bounded to regions was let in for this one.</summary>
    private IQueryable<MeterFact> Meters(RegionId region) => db.OfMeters(Caller.OwnOnly is null ? null : Caller).Where(meter => meter.RegionId == region);

    private static Dictionary<string, int> Words<TEnum>(Func<TEnum, int> count)
        where TEnum : struct, Enum => Enum.GetValues<TEnum>().ToDictionary(Terms<TEnum>.WordOf, count, StringComparer.Ordinal);
}
