using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.FillRegion;

/// <param name="Move">True also moves service points that are in another region; false where left out.</param>
internal sealed record FillRegionRequest(bool? Move);

/// <summary>Service points after a region was filled from its shape.</summary>
/// <param name="Added">Lie in the shape, were in no region and are in this one now.</param>
/// <param name="Moved">Lie in the shape, were in another region and are in this one now.</param>
/// <param name="AlreadyThere">Lie in the shape and were in the region.</param>
/// <param name="LeftElsewhere">Lie in the shape and stay in another region; 0 with move.</param>
/// <param name="OutsideShape">In the region, though their position lies outside of the shape; they stay.</param>
/// <param name="WithoutPosition">In the region, and nobody knows where they lie; they stay.</param>
internal sealed record RegionFilledView(int Added, int Moved, int AlreadyThere, int LeftElsewhere, int OutsideShape, int WithoutPosition);

internal static class FillRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/regions/{id:guid}/fill", async (Guid id, FillRegionRequest? request, FillRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), request?.Move ?? false, cancellationToken)).ToAnswer())
            .Slice<RegionFilledView>("FillRegion", "Put the service points that lie in a region's shape into the region").RequirePermission(RegionPermissions.Write).RequireWholeView()
            .BodyLike("""{"move":false}""");
}

internal sealed class FillRegionHandler(MeterSyncDb db, WriteTransactions transactions, RegionChanges regions, RegionFilling filling)
{
    public Task<Outcome<RegionFilledView>> HandleAsync(RegionId id, bool move, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => FillAsync(id, move, token), cancellationToken);

    private async Task<Outcome<RegionFilledView>> FillAsync(RegionId id, bool move, CancellationToken cancellationToken)
    {
        await filling.LockAsync(id, cancellationToken);
        var found = await regions.LoadAsync(id, null, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var region = found.Value;
        if (region.Shape() is not { } shape)
        {
            return RegionProblems.NoShape.Because($"The region {region.Name} has neither a circle nor a polygon. Give it one first.");
        }

        var filled = await filling.FillAsync(id, shape, move, cancellationToken);
        var there = db.Set<ServicePoint>().Where(point => point.RegionId == id);
        var without = await there.CountAsync(point => point.Latitude == null, cancellationToken);
        var outside = await there.CountAsync(cancellationToken) - without - filled.AlreadyThere - filled.Added - filled.Moved;
        if (filled.Added + filled.Moved > 0)
        {
            var told = new JsonObject { ["move"] = move, ["added"] = filled.Added, ["moved"] = filled.Moved, ["already_there"] = filled.AlreadyThere, ["left_elsewhere"] = filled.LeftElsewhere };
            db.Add(await AuditTrail.ComposeAsync(db, "region.filled", region.AuditName, region.AuditId, null, told.ToJsonString(), cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
        return new RegionFilledView(filled.Added, filled.Moved, filled.AlreadyThere, filled.LeftElsewhere, Math.Max(0, outside), without);
    }
}
