using System.ComponentModel.DataAnnotations;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Workforce;

/// <summary>Where an agent is or was, said at once or by a phone later.</summary>
/// <param name="Timestamp">When the device was there; now where left out.</param>
internal sealed record SetMyLocationRequest(
    SetMyLocationPlaceRequest? Location,
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(0d, 1_000_000d)] double? AccuracyM,
    DateTimeOffset? Timestamp)
{
    /// <summary>Null where it is said in part or not at all.</summary>
    public Position? PlaceSaid() => Position.Of(Location?.Latitude ?? Location?.Lat ?? Latitude ?? Lat, Location?.Longitude ?? Location?.Lng ?? Longitude ?? Lng);

    /// <summary>Metres.</summary>
    public double? AccuracySaid() => Location?.AccuracyM ?? AccuracyM;
}

internal sealed record SetMyLocationPlaceRequest(
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(0d, 1_000_000d)] double? AccuracyM);
