using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Public;

/// <summary>A region as other modules may know it.</summary>
internal sealed record RegionFact(RegionId Id, string Name);

internal static class RegionFacts
{
    /// <summary>One region; refused where there is none or the caller does not see it.</summary>
    public static async Task<Outcome<RegionFact>> FindRegionAsync(this MeterSyncDb db, RegionId id, Caller caller, CancellationToken cancellationToken) =>
        await db.Set<Region>().VisibleTo(caller).Where(region => region.Id == id).Select(region => new RegionFact(region.Id, region.Name)).FirstOrDefaultAsync(cancellationToken) is { } found
            ? found
            : RegionProblems.NotFound.Because("There is no such region.");

    /// <summary>The regions the caller sees.</summary>
    public static IQueryable<Region> VisibleTo(this IQueryable<Region> regions, Caller caller)
    {
        if (caller.RegionsOnly is not { } own)
        {
            return regions;
        }

        List<RegionId> ids = [.. own];
        return regions.Where(region => ids.Contains(region.Id));
    }
}
