using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListRoutes;

internal sealed record ListRoutesRequest : IPageRequest
{
    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListRoutesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/routes", async ([AsParameters] ListRoutesRequest request, ListRoutesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<RouteView>>("ListRoutes", "The routes, by name, without their stops").RequirePermission(WorkforcePermissions.ReadCycles);
}

internal sealed class ListRoutesHandler(MeterSyncDb db, RouteBook book)
{
    public async Task<Outcome<Page<RouteView>>> HandleAsync(ListRoutesRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var routes = book.Visible().AsNoTracking();
        if (request.AgentId is { } agentId)
        {
            var agent = new UserId(agentId);
            routes = routes.Where(route => route.AgentId == agent);
        }

        if (request.RegionId is { } regionId)
        {
            var region = new RegionId(regionId);
            routes = routes.Where(route => route.RegionId == region);
        }

        var total = await routes.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await routes.OrderBy(route => route.NameKey).Skip((page - 1) * limit).Take(limit)
            .Select(route => new { Route = route, Stops = db.Set<RouteStop>().Count(stop => stop.RouteId == route.Id) }).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(row => RouteView.Of(row.Route, row.Stops, null, null))], total, page, limit);
    }
}
