using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.FindNearbyMeters;

internal sealed record FindNearbyMetersRequest
{
    /// <summary>Degrees north; also <c>latitude</c>.</summary>
    [Range(-90d, 90d)]
    public double? Lat { get; init; }

    /// <summary>Degrees east; also <c>longitude</c>.</summary>
    [Range(-180d, 180d)]
    public double? Lng { get; init; }

    [Range(-90d, 90d)]
    public double? Latitude { get; init; }

    [Range(-180d, 180d)]
    public double? Longitude { get; init; }

    /// <summary>Metres, inclusive; 1,000 where left out.</summary>
    [Range(0d, GeoPoint.FurthestMetres)]
    public double? Radius { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

/// <param name="Items">Nearest first, each with distance_m.</param>
internal sealed record NearbyMetersView(IReadOnlyList<MeterView> Items);

internal static class FindNearbyMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/nearby", async ([AsParameters] FindNearbyMetersRequest request, FindNearbyMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<NearbyMetersView>("FindNearbyMeters", "Meters around a place, nearest first").RequirePermission(MeterPermissions.Read);
}

internal sealed class FindNearbyMetersHandler(MeterDistances distances, MeterViews views, CallerAccessor callers)
{
    private const double DefaultRadiusMetres = 1000;

    public async Task<Outcome<NearbyMetersView>> HandleAsync(FindNearbyMetersRequest request, CancellationToken cancellationToken)
    {
        if ((request.Lat ?? request.Latitude, request.Lng ?? request.Longitude) is not ({ } latitude, { } longitude))
        {
            return KernelProblems.Invalid.For(request.Lat is null && request.Latitude is null ? "lat" : "lng", "Say where: lat and lng in degrees.");
        }

        var nearest = await distances.NearestAsync(new GeoPoint(latitude, longitude), request.Radius ?? DefaultRadiusMetres, request.Limit ?? PageRules.DefaultLimit, callers.Caller, cancellationToken);
        var metresOf = nearest.ToDictionary(row => row.Meter.Value, row => row.Metres);
        var meters = await views.ListAsync([.. nearest.Select(row => row.Meter)], cancellationToken);
        return new NearbyMetersView([.. meters.Select(meter => meter with { DistanceM = Math.Round(metresOf[meter.Id], 1) })]);
    }
}
