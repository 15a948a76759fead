using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Public;

/// <summary>What the workforce has in regions, for this module, which comes before it.</summary>
internal interface IRegionWork
{
    /// <summary>Agents who get work, by region; one without any is absent. One query, none for no regions.</summary>
    Task<IReadOnlyDictionary<RegionId, int>> CountAgentsAsync(IReadOnlyCollection<RegionId> regions, CancellationToken cancellationToken);

    /// <summary>All that names the region and keeps it from being deleted.</summary>
    Task<RegionTies> FindTiesAsync(RegionId region, CancellationToken cancellationToken);
}

/// <param name="Agents">Those who get no work any more included.</param>
/// <param name="Routes">Whoever walks them.</param>
/// <param name="ReadCycles">Planned, open and closed.</param>
internal sealed record RegionTies(int Agents, int Routes, int ReadCycles);
