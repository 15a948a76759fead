using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.DeleteRegion;

internal static class DeleteRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/regions/{id:guid}", async (Guid id, HttpRequest http, DeleteRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer("The region was deleted."))
            .Slice<Done>("DeleteRegion", "Delete a region that no service point lies in").RequirePermission(RegionPermissions.Write);
}

internal sealed class DeleteRegionHandler(MeterSyncDb db, RegionChanges regions)
{
    public async Task<Outcome<Done>> HandleAsync(RegionId id, int? expectedVersion, CancellationToken cancellationToken)
    {
        var found = await regions.LoadAsync(id, expectedVersion, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var region = found.Value;
        if (await db.Set<ServicePoint>().AnyAsync(point => point.RegionId == id, cancellationToken))
        {
            return InUse(region);
        }

        db.Remove(region);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return Done.It;
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException && StoreFaults.IsConflict(exception))
        {
            // A service point came in between the look and the save; the foreign key knows it.
            return InUse(region);
        }
    }

    private static Problem InUse(Region region) => RegionProblems.InUse.Because($"Service points lie in the region {region.Name}. Move them to another one first.");
}
