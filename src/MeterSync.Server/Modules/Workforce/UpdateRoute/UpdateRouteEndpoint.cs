using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.UpdateRoute;

internal static class UpdateRouteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/routes/{id:guid}", async (Guid id, RouteRequest request, HttpRequest http, UpdateRouteHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new RouteId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(route => route.Version))
            .Slice<RouteView>("UpdateRoute", "Replace a route and its stops; work already given stays as it is").RequirePermission(WorkforcePermissions.WriteCycles)
            .BodyLike("""{"name":"North bank, Tuesdays","order_by":"street","location_id":"north"}""");
}

internal sealed class UpdateRouteHandler(WriteTransactions transactions, RouteBook book)
{
    public Task<Outcome<RouteView>> HandleAsync(RouteId id, RouteRequest request, int? expectedVersion, CancellationToken cancellationToken) => transactions.RunAsync<RouteView>(
        async token =>
        {
            if (await book.Visible().FirstOrDefaultAsync(route => route.Id == id, token) is not { } found)
            {
                return WorkforceProblems.RouteNotFound.Because("There is no such route.");
            }

            if (expectedVersion is { } expected && expected != found.Version)
            {
                return KernelProblems.LostUpdate.Because($"The route {found.Name} was changed since you read it: it is at version {found.Version}.");
            }

            return (await book.WriteAsync(request, found, token) ?? await book.SaveAsync(found, token)) is { } refusal ? refusal : await book.ShowAsync(found, token);
        },
        cancellationToken);
}
