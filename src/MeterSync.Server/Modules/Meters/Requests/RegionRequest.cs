using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <param name="Name">No other region has it, whatever its capitals.</param>
/// <param name="Description">For people; taken away where left out.</param>
/// <param name="Status">active where left out.</param>
/// <param name="Location">Centre of the circle. Without a circle and a polygon the region has no shape.</param>
/// <param name="Coordinates">The same as <c>location</c>.</param>
/// <param name="Latitude">The same, at the top.</param>
/// <param name="Longitude">The same, at the top.</param>
/// <param name="Lat">The same as <c>latitude</c>.</param>
/// <param name="Lng">The same as <c>longitude</c>.</param>
/// <param name="Radius">Of the circle, in metres.</param>
/// <param name="Polygon">A list of points {latitude, longitude} or [longitude, latitude], or a GeoJSON Polygon without holes; the first point may be repeated at the end.</param>
internal sealed record RegionRequest(
    [property: Required, PlainText(RegionLimits.Name)] string? Name,
    [property: PlainText(RegionLimits.Description, AllowLines = true)] string? Description,
    [property: TermOf(typeof(RegionStatus))] string? Status,
    PositionRequest? Location,
    PositionRequest? Coordinates,
    [property: Range(-90d, 90d)] double? Latitude,
    [property: Range(-180d, 180d)] double? Longitude,
    [property: Range(-90d, 90d)] double? Lat,
    [property: Range(-180d, 180d)] double? Lng,
    [property: Range(-1e9, 1e9)] double? Radius,
    JsonElement? Polygon);

/// <summary>The most that fits, in characters unless the name says otherwise.</summary>
internal static class RegionLimits
{
    public const int Name = 100;
    public const int Description = 1000;
    public const int PolygonPoints = 1000;
}
