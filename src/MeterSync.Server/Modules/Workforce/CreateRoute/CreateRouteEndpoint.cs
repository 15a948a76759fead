using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.CreateRoute;

internal static class CreateRouteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/routes", async (RouteRequest request, CreateRouteHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(route => $"/api/v1/routes/{route.Id}", route => route.Version))
            .Slice<RouteView>("CreateRoute", "Make a route; its stops are put into walking order", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteCycles)
            .BodyLike("""{"name":"North bank, Mondays","order_by":"shortest","start":{"latitude":51.5072,"longitude":-0.1276},"location_id":"north"}""");
}

internal sealed class CreateRouteHandler(MeterSyncDb db, WriteTransactions transactions, RouteBook book, TimeProvider clock, IdSource ids)
{
    public Task<Outcome<RouteView>> HandleAsync(RouteRequest request, CancellationToken cancellationToken) => transactions.RunAsync<RouteView>(
        async token =>
        {
            var route = new WalkRoute { Id = ids.Next<RouteId>(), CreatedAt = clock.GetUtcNow().ToStored() };
            db.Add(route);
            return (await book.WriteAsync(request, route, token) ?? await book.SaveAsync(route, token)) is { } refusal ? refusal : await book.ShowAsync(route, token);
        },
        cancellationToken);
}
