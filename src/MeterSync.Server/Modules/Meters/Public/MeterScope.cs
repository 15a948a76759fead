using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Public;

/// <summary>The one place that says which meters somebody sees whose view is bounded to regions: those whose service point lies in one of them today.
/// Everything that hangs on a meter is seen with it. Whoever is not bounded asks the database as if there were no regions.</summary>
/// <remarks>Each condition comes in two forms. One looks every row's meter up: right where few rows are left or a walk soon meets what it wants. The other begins at the
/// regions: right where they hold few of the rows. PostgreSQL turns each into the other by its statistics, for which the regions stand in the statement as they are
/// and not as parameters: the one plan kept for any regions is up to a thousand times slower for small ones. SQLite goes by the form.</remarks>
internal static class MeterScope
{
    /// <summary>Meters; where regions hold more, a walk by time meets them often enough.</summary>
    private const int Wide = 1_000;

    /// <summary>The meters the caller sees, each looked up. Nobody is the server itself, which sees all.</summary>
    public static IQueryable<Meter> VisibleTo(this IQueryable<Meter> meters, MeterSyncDb db, Caller? caller) =>
        caller?.RegionsOnly is { } regions ? meters.LookedUp(db, regions) : meters;

    /// <summary>The meters the caller sees, for a list: beginning at the regions.</summary>
    public static IQueryable<Meter> ListedFor(this IQueryable<Meter> meters, MeterSyncDb db, Caller caller) =>
        caller.RegionsOnly is { } regions ? meters.FromRegions(db, regions) : meters;

    /// <summary>Meters in the regions, for a condition such as <c>db.MetersFrom(regions).Contains(row.MeterId)</c>.</summary>
    public static IQueryable<MeterId> MetersFrom(this MeterSyncDb db, IReadOnlyList<RegionId> regions) =>
        db.Set<Meter>().FromRegions(db, regions).Select(meter => meter.Id);

    /// <summary>Meters in the regions, for a condition such as <c>db.MetersAt(regions).Any(id => id == row.MeterId)</c>, which looks each row's meter up.</summary>
    public static IQueryable<MeterId> MetersAt(this MeterSyncDb db, IReadOnlyList<RegionId> regions) =>
        db.Set<Meter>().LookedUp(db, regions).Select(meter => meter.Id);

    /// <summary>Whether a page in order of time is found sooner by looking meters up than by sorting all that is in the regions. False on PostgreSQL, which decides by itself.</summary>
    public static async Task<bool> AreWideAsync(this MeterSyncDb db, IReadOnlyList<RegionId> regions, CancellationToken cancellationToken) =>
        db.IsSqlite && await db.Set<ServicePoint>().In(regions).Take(Wide + 1).CountAsync(cancellationToken) > Wide;

    /// <summary>A condition on a column with a meter's id, beginning at the regions.</summary>
    public static string SqlFrom(StoreProvider provider, string meterId, IReadOnlyList<RegionId> regions) =>
        $"{meterId} in (select k.id from service_points s join meters k on k.service_point_id = s.id where s.region_id {SqlIn(provider, regions)})";

    /// <summary>A condition on a column with the id of a meter's service point, which is looked up.</summary>
    public static string SqlAt(StoreProvider provider, string servicePointId, IReadOnlyList<RegionId> regions) =>
        $"exists (select 1 from service_points s where s.id = {servicePointId} and s.region_id {SqlIn(provider, regions)})";

    /// <summary>What follows a column with a region's id: it is one of these. Ids are no text of anybody's, so they may stand in the statement.</summary>
    public static string SqlIn(StoreProvider provider, IReadOnlyList<RegionId> regions) =>
        regions.Count == 0 ? "in (null)" : $"in ({string.Join(", ", regions.Select(region => provider == StoreProvider.Sqlite ? $"x'{Convert.ToHexString(region.Value.ToByteArray(true))}'" : $"'{region.Value}'"))})";

    private static IQueryable<Meter> LookedUp(this IQueryable<Meter> meters, MeterSyncDb db, IReadOnlyList<RegionId> regions)
    {
        var points = db.Set<ServicePoint>().In(regions);
        return meters.Where(meter => points.Any(point => (ServicePointId?)point.Id == meter.ServicePointId));
    }

    private static IQueryable<Meter> FromRegions(this IQueryable<Meter> meters, MeterSyncDb db, IReadOnlyList<RegionId> regions)
    {
        var points = db.Set<ServicePoint>().In(regions).Select(point => (ServicePointId?)point.Id);
        return meters.Where(meter => points.Contains(meter.ServicePointId));
    }

    private static IQueryable<ServicePoint> In(this IQueryable<ServicePoint> points, IReadOnlyList<RegionId> regions)
    {
        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        return points.Where(point => EF.Constant(wanted).Contains(point.RegionId));
    }
}
