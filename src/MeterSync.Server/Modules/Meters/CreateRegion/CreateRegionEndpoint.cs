using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.CreateRegion;

internal static class CreateRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/regions", async (RegionRequest request, CreateRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(region => $"/api/v1/regions/{region.Id}", region => region.Version))
            .Slice<RegionView>("CreateRegion", "Make a region", StatusCodes.Status201Created).RequirePermission(RegionPermissions.Write).RequireWholeView()
            .BodyLike("""{"name":"North bank","description":"From the bridge to the mill","status":"active","location":{"latitude":51.507,"longitude":-0.127},"radius":2500}""");
}

internal sealed class CreateRegionHandler(MeterSyncDb db, RegionChanges regions, RegionViews views, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<RegionView>> HandleAsync(RegionRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var region = new Region { Id = ids.Next<RegionId>(), CreatedAt = now, UpdatedAt = now };
        if (RegionChanges.Write(request, region) is { } problem)
        {
            return problem;
        }

        db.Add(region);
        return await regions.SaveAsync(region, cancellationToken) is { } refusal ? refusal : await views.OfAsync(region, cancellationToken);
    }
}
