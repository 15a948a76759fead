using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.UpdateRegion;

internal static class UpdateRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/regions/{id:guid}", async (Guid id, RegionRequest request, HttpRequest http, UpdateRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(region => region.Version))
            .Slice<RegionView>("UpdateRegion", "Replace a region's name, description, status and shape").RequirePermission(RegionPermissions.Write)
            .BodyLike("""{"name":"North bank and mill","description":"From the bridge to the mill, both sides of the road","status":"maintenance","polygon":[[-0.13,51.5],[-0.12,51.5],[-0.12,51.51]]}""");
}

internal sealed class UpdateRegionHandler(MeterSyncDb db, RegionChanges regions, RegionViews views, TimeProvider clock)
{
    public async Task<Outcome<RegionView>> HandleAsync(RegionId id, RegionRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        var found = await regions.LoadAsync(id, expectedVersion, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var region = found.Value;
        if (RegionChanges.Write(request, region) is { } problem)
        {
            return problem;
        }

        if (db.ChangeTracker.HasChanges())
        {
            region.UpdatedAt = clock.GetUtcNow().ToStored();
            if (await regions.SaveAsync(region, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return await views.OfAsync(region, cancellationToken);
    }
}
