using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Import;

/// <summary>The regions a list of meters may name: those its importer sees, read once for the whole file.</summary>
internal sealed class ImportRegions
{
    private readonly Dictionary<string, RegionId> byName;
    private readonly HashSet<RegionId> all;

    private ImportRegions(bool isBounded, IReadOnlyDictionary<RegionId, string> keys)
    {
        IsBounded = isBounded;
        byName = keys.ToDictionary(region => region.Value, region => region.Key, StringComparer.Ordinal);
        all = [.. keys.Keys];
    }

    /// <summary>The importer sees the meters of these regions only.</summary>
    public bool IsBounded { get; }

    public static async Task<ImportRegions> LoadAsync(MeterSyncDb db, Caller? importer, CancellationToken cancellationToken)
    {
        var regions = db.Set<Region>().AsNoTracking();
        if (importer?.RegionsOnly is { } own)
        {
            List<RegionId> ids = [.. own];
            regions = regions.Where(region => ids.Contains(region.Id));
        }

        return new ImportRegions(importer?.RegionsOnly is not null, await regions.ToDictionaryAsync(region => region.Id, region => region.NameKey, cancellationToken));
    }

    /// <summary>By name, whatever its capitals, or by id; null for none of them.</summary>
    public RegionId? Find(string word) =>
        byName.TryGetValue(Region.KeyOf(word), out var named) ? named
        : Guid.TryParse(word, out var id) && all.Contains(new RegionId(id)) ? new RegionId(id)
        : null;

    /// <summary>Whether the importer sees a meter there.</summary>
    public bool Sees(RegionId? region) => !IsBounded || (region is { } known && all.Contains(known));
}
