using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.DeleteRegion;

internal static class DeleteRegionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/regions/{id:guid}", async (Guid id, HttpRequest http, DeleteRegionHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RegionId(id), EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer("The region was deleted."))
            .Slice<Done>("DeleteRegion", "Delete a region that nothing lies in or names").RequirePermission(RegionPermissions.Write);
}

internal sealed class DeleteRegionHandler(MeterSyncDb db, RegionChanges regions, IRegionWork work)
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
            return RegionProblems.InUse.Because($"Service points lie in the region {region.Name}. Move them to another one first.");
        }

        if (TiesIn(await work.FindTiesAsync(id, cancellationToken)) is { } ties)
        {
            return RegionProblems.InUse.Because($"The region {region.Name} is named by {ties}. Set it inactive, or have them name another one first.");
        }

        db.Remove(region);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return Done.It;
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException && StoreFaults.IsConflict(exception))
        {
            // Something came in between the look and the save; the foreign keys know it.
            return RegionProblems.InUse.Because($"The region {region.Name} came into use meanwhile.");
        }
    }

    private static string? TiesIn(RegionTies ties)
    {
        List<string> words = [.. new[] { Words(ties.Agents, "agent"), Words(ties.Routes, "route"), Words(ties.ReadCycles, "read cycle") }.OfType<string>()];
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    private static string? Words(int count, string thing) => count == 0 ? null : $"{count} {thing}{(count == 1 ? "" : "s")}";
}
