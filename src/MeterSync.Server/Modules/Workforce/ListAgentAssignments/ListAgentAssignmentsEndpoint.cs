using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListAgentAssignments;

internal sealed record ListAgentAssignmentsRequest : IPageRequest
{
    /// <summary>A status, <c>open</c> for all that is still to be done, or <c>given</c> for all but cancelled.</summary>
    [System.ComponentModel.DataAnnotations.AllowedValues(WorkStatus.Open, WorkStatus.Given, "pending", "in_progress", "completed", "cancelled", "overdue", null, ErrorMessage = "The status is one of: open, given, pending, in_progress, completed, cancelled, overdue.")]
    public string? Status { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListAgentAssignmentsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assignments/agent/{agent_id:guid}", async ([Microsoft.AspNetCore.Mvc.FromRoute(Name = "agent_id")] Guid agent, [AsParameters] ListAgentAssignmentsRequest request, ListAgentAssignmentsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(agent), request, cancellationToken)).ToAnswer())
            .Slice<Page<AssignmentView>>("ListAgentAssignments", "An agent's work in walking order, what is done last").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListAgentAssignmentsHandler(AgentViews agents, AssignmentViews views)
{
    public async Task<Outcome<Page<AssignmentView>>> HandleAsync(UserId agent, ListAgentAssignmentsRequest request, CancellationToken cancellationToken)
    {
        if (!await agents.Visible().AnyAsync(one => one.Id == agent, cancellationToken))
        {
            return WorkforceProblems.AgentNotFound.Because("There is no such agent.");
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var work = views.Visible().Where(one => one.AgentId == agent).Having(request.Status);
        var total = await work.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await work.OrderBy(one => one.Status == AssignmentStatus.Completed || one.Status == AssignmentStatus.Cancelled).ThenBy(one => one.Position == null).ThenBy(one => one.Position).ThenBy(one => one.AssignedAt).ThenBy(one => one.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(found, cancellationToken), total, page, limit);
    }
}
