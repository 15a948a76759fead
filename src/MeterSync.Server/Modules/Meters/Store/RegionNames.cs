using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <inheritdoc/>
internal sealed class RegionNames(MeterSyncDb db) : IRegionNames
{
    public async Task<IReadOnlyDictionary<RegionId, string>> FindAsync(IReadOnlyCollection<RegionId> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? new Dictionary<RegionId, string>()
            : await db.Set<Region>().AsNoTracking().Where(region => ids.Contains(region.Id)).ToDictionaryAsync(region => region.Id, region => region.Name, cancellationToken);
}
