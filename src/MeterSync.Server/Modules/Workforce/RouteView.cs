using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <param name="MeterIds">Meters that stand there now.</param>
internal sealed record RouteStopView(int Position, Guid ServicePointId, string? Address, PlaceView? Location, IReadOnlyList<Guid> MeterIds);

/// <summary>A route as the API shows one.</summary>
/// <param name="OrderBy">street, shortest or given.</param>
/// <param name="LengthM">As the crow flies from stop to stop, so far as positions are known.</param>
/// <param name="Stops">In walking order; left out of lists.</param>
internal sealed record RouteView(
    Guid Id,
    string Name,
    string? Description,
    Guid? RegionId,
    Guid? AgentId,
    StopOrdering OrderBy,
    PlaceView? Start,
    int StopCount,
    double? LengthM,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RouteStopView>? Stops)
{
    public static RouteView Of(WalkRoute route, int stopCount, double? metres, IReadOnlyList<RouteStopView>? stops) => new(
        route.Id.Value,
        route.Name,
        route.Description,
        route.RegionId?.Value,
        route.AgentId?.Value,
        route.Ordering,
        route is { StartLatitude: { } latitude, StartLongitude: { } longitude } ? new PlaceView(latitude, longitude) : null,
        stopCount,
        metres,
        route.CreatedAt,
        route.UpdatedAt,
        route.Version,
        stops);
}
