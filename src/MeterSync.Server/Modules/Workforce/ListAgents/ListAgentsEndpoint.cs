using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListAgents;

internal sealed record ListAgentsRequest : IPageRequest
{
    [TermOf(typeof(AgentStatus))]
    public string? Status { get; init; }

    [FromQuery(Name = "location_id"), PlainText(100)]
    public string? LocationId { get; init; }

    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    /// <summary>True for those who get no work any more; false where left out.</summary>
    public bool? Retired { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListAgentsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents", async ([AsParameters] ListAgentsRequest request, ListAgentsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<AgentView>>("ListAgents", "The agents, with their open work counted").RequirePermission(WorkforcePermissions.ReadAgents);
}

internal sealed class ListAgentsHandler(AgentViews views)
{
    public async Task<Outcome<Page<AgentView>>> HandleAsync(ListAgentsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var isRetired = request.Retired ?? false;
        var agents = views.Visible().Where(agent => (agent.RetiredAt != null) == isRetired);
        if (Terms<AgentStatus>.ParseOptional(request.Status) is { } status)
        {
            agents = agents.Where(agent => agent.Status == status);
        }

        if (request.LocationId?.Trim() is { Length: > 0 } location)
        {
            agents = agents.Where(agent => agent.LocationId == location);
        }

        if (request.RegionId is { } asked)
        {
            var region = new RegionId(asked);
            agents = agents.Where(agent => agent.RegionId == region);
        }

        var total = await agents.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await agents.OrderBy(agent => agent.CreatedAt).ThenBy(agent => agent.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(found, cancellationToken), total, page, limit);
    }
}
