using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters;

/// <summary>A region as the API shows it.</summary>
/// <param name="Location">Centre of the circle; null without one.</param>
/// <param name="Radius">Of the circle, in metres.</param>
/// <param name="Polygon">Its corners, the first not repeated at the end; null without one.</param>
/// <param name="AreaKm2">Square kilometres of the shape; null without one.</param>
/// <param name="MeterCount">Meters whose service point is in the region now, of any status.</param>
/// <param name="AgentCount">Agents of the region who get work.</param>
internal sealed record RegionView(
    Guid Id,
    string Name,
    string? Description,
    RegionStatus Status,
    CoordinatesView? Location,
    double? Radius,
    IReadOnlyList<CoordinatesView>? Polygon,
    double? AreaKm2,
    int MeterCount,
    int AgentCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    private const double SquareMetresPerKm2 = 1e6;

    public static RegionView Of(Region region, int meterCount, int agentCount) => new(
        region.Id.Value,
        region.Name,
        region.Description,
        region.Status,
        region is { Latitude: { } latitude, Longitude: { } longitude } ? new CoordinatesView(latitude, longitude) : null,
        region.RadiusMetres,
        region.Polygon is { } text ? [.. PolygonText.Read(text).Select(point => new CoordinatesView(point.Latitude, point.Longitude))] : null,
        region.Shape() is { } shape ? Math.Round(shape.SquareMetres / SquareMetresPerKm2, 6) : null,
        meterCount,
        agentCount,
        region.CreatedAt,
        region.UpdatedAt,
        region.Version);
}
