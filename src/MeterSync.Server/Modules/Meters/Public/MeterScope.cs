using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Public;

/// <summary>The one place that says which meters somebody sees whose view is bounded to regions: those whose service point lies in one of them today.
/// Everything that hangs on a meter is seen with it. Whoever is not bounded asks the database as if there were no regions.</summary>
internal static class MeterScope
{
    /// <summary>Ids of the meters in the regions, to be asked within another query.</summary>
    public static IQueryable<MeterId> MetersIn(this MeterSyncDb db, IReadOnlyList<RegionId> regions) =>
        db.Set<Meter>().In(db, regions).Select(meter => meter.Id);

    /// <summary>A condition on a column with a meter's id.</summary>
    /// <param name="meterId">The column.</param>
    /// <param name="inRegions">A comparison with the list of regions, such as <c>= any($1)</c>.</param>
    public static string SqlOf(string meterId, string inRegions) =>
        $"{meterId} in (select k.id from service_points s join meters k on k.service_point_id = s.id where s.region_id {inRegions})";

    /// <summary>The meters that the caller sees. Nobody is the server itself, which sees all.</summary>
    public static IQueryable<Meter> VisibleTo(this IQueryable<Meter> meters, MeterSyncDb db, Caller? caller) =>
        caller?.RegionsOnly is { } regions ? meters.In(db, regions) : meters;

    private static IQueryable<Meter> In(this IQueryable<Meter> meters, MeterSyncDb db, IReadOnlyList<RegionId> regions)
    {
        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        var points = db.Set<ServicePoint>().Where(point => wanted.Contains(point.RegionId)).Select(point => (ServicePointId?)point.Id);
        return meters.Where(meter => points.Contains(meter.ServicePointId));
    }
}
