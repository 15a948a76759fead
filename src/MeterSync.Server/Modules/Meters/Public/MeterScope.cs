using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Public;

/// <summary>The one place that says which meters somebody sees. Whose view is bounded to regions sees those whose service point lies in one of them today; who sees the own only
/// sees those that are assigned. Everything that hangs on a meter is seen with it. Whoever is not bounded asks the database as if there were no bounds.</summary>
/// <remarks>Each condition comes in two forms. One looks every row's meter up: right where few rows are left or a walk soon meets what it wants. The other begins at the
/// regions: right where they hold few of the rows. PostgreSQL turns each into the other by its statistics, for which the regions stand in the statement as they are
/// and not as parameters: the one plan kept for any regions is up to a thousand times slower for small ones. SQLite goes by the form.</remarks>
internal static class MeterScope
{
    /// <summary>Meters; where regions hold more, a walk by time meets them often enough.</summary>
    private const int Wide = 1_000;

    /// <summary>The meters the caller sees, each looked up. Nobody is the server itself, which sees all.</summary>
    public static IQueryable<Meter> VisibleTo(this IQueryable<Meter> meters, MeterSyncDb db, Caller? caller) =>
        caller?.OwnOnly is { } agent ? meters.Where(meter => db.Set<MeterAgent>().Any(work => work.AgentId == agent && work.MeterId == meter.Id && work.ReleasedAt == null))
        : caller?.RegionsOnly is { } regions ? meters.LookedUp(db, regions)
        : meters;

    /// <summary>The meters whose readings the caller may bring: those he sees, and for an agent those that were ever assigned to him, since a device may come back after its work was given to another.</summary>
    public static IQueryable<Meter> ReadableBy(this IQueryable<Meter> meters, MeterSyncDb db, Caller? caller) =>
        caller?.OwnOnly is { } agent ? meters.Where(meter => db.Set<MeterAgent>().Any(work => work.AgentId == agent && work.MeterId == meter.Id)) : meters.VisibleTo(db, caller);

    /// <summary>The meters the caller sees, for a list: beginning at the regions.</summary>
    public static IQueryable<Meter> ListedFor(this IQueryable<Meter> meters, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } agent ? meters.Where(meter => db.Set<MeterAgent>().Where(work => work.AgentId == agent && work.ReleasedAt == null).Select(work => work.MeterId).Contains(meter.Id))
        : caller.RegionsOnly is { } regions ? meters.FromRegions(db, regions)
        : meters;

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

    /// <summary>A condition on a column with a meter's id: it was assigned to the agent at some time.</summary>
    public static string SqlEverOf(StoreProvider provider, string meterId, UserId agent) =>
        $"exists (select 1 from meter_agents w where w.meter_id = {meterId} and w.agent_id = {SqlId(provider, agent.Value)})";

    /// <summary>A condition on a column with a meter's id: it is assigned to the agent now.</summary>
    public static string SqlNowOf(StoreProvider provider, string meterId, UserId agent) =>
        $"{meterId} in (select w.meter_id from meter_agents w where w.agent_id = {SqlId(provider, agent.Value)} and w.released_at is null)";

    /// <summary>What follows a column with a region's id: it is one of these. Ids are no text of anybody's, so they may stand in the statement.</summary>
    public static string SqlIn(StoreProvider provider, IReadOnlyList<RegionId> regions) =>
        regions.Count == 0 ? "in (null)" : $"in ({string.Join(", ", regions.Select(region => SqlId(provider, region.Value)))})";

    private static string SqlId(StoreProvider provider, Guid id) => provider == StoreProvider.Sqlite ? $"x'{Convert.ToHexString(id.ToByteArray(true))}'" : $"'{id}'";

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
