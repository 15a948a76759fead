using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;

namespace MeterSync.Modules.Meters.Public;

/// <summary>A meter and its place as other modules may ask the database for them.</summary>
internal sealed class MeterFact
{
    public MeterId Id { get; init; }

    public string SerialNumber { get; init; } = "";

    public MeterType Type { get; init; }

    public MeterStatus Status { get; init; }

    public MeterPriority Priority { get; init; }

    public ServicePointId? ServicePointId { get; init; }

    public int? EstimatedMinutes { get; init; }

    public bool RequiresPhoto { get; init; }

    public string? Address { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public RegionId? RegionId { get; init; }

    public string? LocationId { get; init; }
}

internal static class MeterFacts
{
    /// <summary>The meters the caller sees; all for nobody. Conditions and orders go on into the database.</summary>
    public static IQueryable<MeterFact> OfMeters(this MeterSyncDb db, Caller? caller) => Facts(db, db.Set<Meter>().VisibleTo(db, caller));

    /// <summary>Any number of meters by their ids, whoever asks.</summary>
    public static IQueryable<MeterFact> MetersBy(this MeterSyncDb db, IEnumerable<MeterId> ids) => Facts(db, db.Among<Meter>(nameof(Meter.Id), ids.Select(id => id.Value)));

    private static IQueryable<MeterFact> Facts(MeterSyncDb db, IQueryable<Meter> meters) =>
        from meter in meters
        join point in db.Set<ServicePoint>() on meter.ServicePointId equals (ServicePointId?)point.Id into points
        from point in points.DefaultIfEmpty()
        select new MeterFact
        {
            Id = meter.Id,
            SerialNumber = meter.SerialNumber,
            Type = meter.MeterType,
            Status = meter.Status,
            Priority = meter.Priority,
            ServicePointId = meter.ServicePointId,
            EstimatedMinutes = meter.EstimatedMinutes,
            RequiresPhoto = meter.RequiresPhoto,
            Address = point.Address,
            Latitude = point.Latitude,
            Longitude = point.Longitude,
            RegionId = point.RegionId,
            LocationId = point.LocationId,
        };

    /// <summary>Places by id, with the meter that is installed there now where there is one.</summary>
    public static IQueryable<PlaceFact> OfPlaces(this MeterSyncDb db, Caller caller)
    {
        var points = db.Set<ServicePoint>().AsQueryable();
        if (caller.RegionsOnly is { } regions)
        {
            List<RegionId?> own = [.. regions.Select(region => (RegionId?)region)];
            points = points.Where(point => own.Contains(point.RegionId));
        }

        return points.Select(point => new PlaceFact { Id = point.Id, Address = point.Address, Latitude = point.Latitude, Longitude = point.Longitude, RegionId = point.RegionId });
    }
}

internal sealed class PlaceFact
{
    public ServicePointId Id { get; init; }

    public string? Address { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public RegionId? RegionId { get; init; }
}
