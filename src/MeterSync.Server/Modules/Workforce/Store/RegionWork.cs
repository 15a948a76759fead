using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <inheritdoc/>
internal sealed class RegionWork(MeterSyncDb db) : IRegionWork
{
    public async Task<IReadOnlyDictionary<RegionId, int>> CountAgentsAsync(IReadOnlyCollection<RegionId> regions, CancellationToken cancellationToken)
    {
        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        return wanted.Count == 0
            ? new Dictionary<RegionId, int>()
            : await db.Set<Agent>().Where(agent => agent.RetiredAt == null && wanted.Contains(agent.RegionId)).GroupBy(agent => agent.RegionId)
                .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancellationToken);
    }

    public async Task<RegionTies> FindTiesAsync(RegionId region, CancellationToken cancellationToken) => new(
        await db.Set<Agent>().CountAsync(agent => agent.RegionId == region, cancellationToken),
        await db.Set<WalkRoute>().CountAsync(route => route.RegionId == region, cancellationToken),
        await db.Set<ReadCycle>().CountAsync(cycle => cycle.RegionId == region, cancellationToken));
}
