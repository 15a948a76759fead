using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.GetRegion;

internal static class GetRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/regions/{id:guid}", async (Guid id, GetRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), cancellationToken)).ToAnswer(region => region.Version))
            .Slice<RegionView>("GetRegion", "One region").RequirePermission(RegionPermissions.Read);
}

internal sealed class GetRegionHandler(RegionChanges regions, RegionViews views)
{
    public async Task<Outcome<RegionView>> HandleAsync(RegionId id, CancellationToken cancellationToken) =>
        await regions.Visible().AsNoTracking().FirstOrDefaultAsync(region => region.Id == id, cancellationToken) is { } found
            ? await views.OfAsync(found, cancellationToken)
            : RegionProblems.NotFound.Because("There is no such region.");
}
