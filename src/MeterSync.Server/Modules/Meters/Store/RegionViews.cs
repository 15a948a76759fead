using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Shows regions with what lies in them, counted when asked: kept nowhere, it cannot be wrong.</summary>
internal sealed class RegionViews(MeterSyncDb db, IRegionWork work)
{
    public async Task<RegionView> OfAsync(Region region, CancellationToken cancellationToken) => (await OfAsync([region], cancellationToken))[0];

    /// <summary>Two queries for any number: one for meters, one for agents.</summary>
    public async Task<IReadOnlyList<RegionView>> OfAsync(IReadOnlyList<Region> regions, CancellationToken cancellationToken)
    {
        if (regions.Count == 0)
        {
            return [];
        }

        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region.Id)];
        var meters = await (
            from point in db.Set<ServicePoint>()
            where wanted.Contains(point.RegionId)
            join meter in db.Set<Meter>() on (ServicePointId?)point.Id equals meter.ServicePointId
            group meter by point.RegionId into region
            select new { region.Key, Count = region.Count() }).ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancellationToken);
        var agents = await work.CountAgentsAsync([.. regions.Select(region => region.Id)], cancellationToken);
        return [.. regions.Select(region => RegionView.Of(region, meters.GetValueOrDefault(region.Id), agents.GetValueOrDefault(region.Id)))];
    }
}
