using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>A route as somebody describes it.</summary>
/// <param name="AgentId">Who usually walks it.</param>
/// <param name="OrderBy">street (default), shortest from <paramref name="Start"/>, or given: as the stops stand in the request.</param>
/// <param name="Stops">Ids of service points, or of meters that stand at them. Left out: all places with an active meter in the region or of the location.</param>
/// <param name="LocationId">Only to find the stops.</param>
internal sealed record RouteRequest(
    [property: Required, PlainText(100)] string? Name,
    [property: PlainText(1000, AllowLines = true)] string? Description,
    Guid? RegionId,
    Guid? AgentId,
    [property: TermOf(typeof(StopOrdering))] string? OrderBy,
    RouteStartRequest? Start,
    [property: MaxLength(RouteRequest.MostStops)] IReadOnlyList<Guid>? Stops,
    [property: PlainText(100)] string? LocationId)
{
    public const int MostStops = 5_000;
}

internal sealed record RouteStartRequest([property: Required, Range(-90d, 90d)] double? Latitude, [property: Required, Range(-180d, 180d)] double? Longitude);
