using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.GetRoute;

internal static class GetRouteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/routes/{id:guid}", async (Guid id, GetRouteHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RouteId(id), cancellationToken)).ToAnswer(route => route.Version))
            .Slice<RouteView>("GetRoute", "A route with its stops in walking order").RequirePermission(WorkforcePermissions.ReadCycles);
}

internal sealed class GetRouteHandler(RouteBook book)
{
    public async Task<Outcome<RouteView>> HandleAsync(RouteId id, CancellationToken cancellationToken) =>
        await book.Visible().AsNoTracking().FirstOrDefaultAsync(route => route.Id == id, cancellationToken) is { } found ? await book.ShowAsync(found, cancellationToken) : WorkforceProblems.RouteNotFound.Because("There is no such route.");
}
