using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListAvailableAgents;

internal sealed record ListAvailableAgentsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListAvailableAgentsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents/available", async ([AsParameters] ListAvailableAgentsRequest request, ListAvailableAgentsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<AgentView>>("ListAvailableAgents", "Agents who are available and have room for more work, the emptiest first").RequirePermission(WorkforcePermissions.ReadAgents);
}

internal sealed class ListAvailableAgentsHandler(MeterSyncDb db, AgentViews views)
{
    public async Task<Outcome<Page<AgentView>>> HandleAsync(ListAvailableAgentsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var agents = views.Visible().WithRoom(db);
        var total = await agents.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await agents.OrderBy(row => row.Load).ThenBy(row => row.Agent.Id).Skip((page - 1) * limit).Take(limit).Select(row => row.Agent).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(found, cancellationToken), total, page, limit);
    }
}
