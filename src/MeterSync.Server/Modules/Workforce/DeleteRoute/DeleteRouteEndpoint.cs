using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.DeleteRoute;

internal static class DeleteRouteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/routes/{id:guid}", async (Guid id, DeleteRouteHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RouteId(id), cancellationToken)).ToAnswer("The route was deleted."))
            .Slice<Done>("DeleteRoute", "Delete a route; work already given stays with its agents").RequirePermission(WorkforcePermissions.WriteCycles);
}

internal sealed class DeleteRouteHandler(MeterSyncDb db, WriteTransactions transactions, RouteBook book)
{
    public Task<Outcome<Done>> HandleAsync(RouteId id, CancellationToken cancellationToken) => transactions.RunAsync<Done>(
        async token =>
        {
            if (await book.Visible().FirstOrDefaultAsync(route => route.Id == id, token) is not { } found)
            {
                return WorkforceProblems.RouteNotFound.Because("There is no such route.");
            }

            await db.Set<Assignment>().Where(work => work.RouteId == id).ExecuteUpdateAsync(set => set.SetProperty(work => work.RouteId, (RouteId?)null), token);
            await db.Set<RouteStop>().Where(stop => stop.RouteId == id).ExecuteDeleteAsync(token);
            db.Remove(found);
            await db.SaveChangesAsync(token);
            return Done.It;
        },
        cancellationToken);
}
