using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Workforce.GetRegionStats;

internal sealed record GetRegionStatsRequest
{
    /// <summary>First local day; thirty days before the end where left out.</summary>
    [FromQuery(Name = "start_date")]
    public string? StartDate { get; init; }

    /// <summary>Last local day, included; now where left out.</summary>
    [FromQuery(Name = "end_date")]
    public string? EndDate { get; init; }
}

internal static class GetRegionStatsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/regions/{id:guid}/stats", async (Guid id, [AsParameters] GetRegionStatsRequest request, GetRegionStatsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), request, cancellationToken)).ToAnswer())
            .Slice<RegionStatsView>("GetRegionStats", "What is in a region and what was done there in a time, counted").RequirePermission(RegionPermissions.Read);
}

internal sealed class GetRegionStatsHandler(MeterSyncDb db, RegionCounts counts, LocalDays days, CallerAccessor callers, TimeProvider clock)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    public async Task<Outcome<RegionStatsView>> HandleAsync(RegionId id, GetRegionStatsRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var end = request.EndDate is { } last ? days.EndOfDay("end_date", last) : now;
        if (!end.Succeeded)
        {
            return end.Problem;
        }

        var start = request.StartDate is { } first ? days.Start("start_date", first) : end.Value - Usual;
        if (!start.Succeeded)
        {
            return start.Problem;
        }

        if (end.Value <= start.Value)
        {
            return KernelProblems.Invalid.For(request.EndDate is null ? "start_date" : "end_date", "The period ends before it begins.");
        }

        var found = await db.FindRegionAsync(id, callers.Caller, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (from, to) = (start.Value, end.Value);
        var (byStatus, byType) = await counts.MetersAsync(id, cancellationToken);
        var agents = await counts.AgentsAsync(id, cancellationToken);
        var work = await counts.WorkAsync(id, from, to, cancellationToken);
        var (readings, covered) = await counts.ReadingsAsync(id, from, to, cancellationToken);
        var skips = await counts.SkipsAsync(id, from, to, cancellationToken);
        var active = byStatus[Terms<MeterStatus>.WordOf(MeterStatus.Active)];
        return new RegionStatsView(
            id.Value,
            found.Value.Name,
            from,
            to,
            now,
            new RegionMetersView(byStatus.Values.Sum(), byStatus, byType),
            new RegionAgentsView(agents.Values.Sum(), agents),
            work,
            readings,
            [.. skips.OrderByDescending(row => row.Value).ThenBy(row => row.Key).Select(row => new RegionSkipsView(row.Key, row.Value))],
            new RegionCoverageView(active, covered, active == 0 ? null : Math.Round(100.0 * covered / active, 1)),
            RegionLinks.Of(id, from, to));
    }
}
