using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListApprovals;

internal sealed record ListApprovalsRequest : IPageRequest
{
    [TermOf(typeof(ApprovalStatus))]
    public string? Status { get; init; }

    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    [FromQuery(Name = "meter_id")]
    public Guid? MeterId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListApprovalsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/approvals", async ([AsParameters] ListApprovalsRequest request, ListApprovalsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ApprovalView>>("ListApprovals", "Requests for decisions, the newest first").RequirePermission(WorkforcePermissions.ReadApprovals);
}

internal sealed class ListApprovalsHandler(ApprovalBook book)
{
    public async Task<Outcome<Page<ApprovalView>>> HandleAsync(ListApprovalsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var requests = book.Visible().AsNoTracking();
        if (Terms<ApprovalStatus>.ParseOptional(request.Status) is { } status)
        {
            requests = requests.Where(one => one.Status == status);
        }

        if (request.AgentId is { } agentId)
        {
            var agent = new UserId(agentId);
            requests = requests.Where(one => one.AgentId == agent);
        }

        if (request.MeterId is { } meterId)
        {
            var meter = new MeterId(meterId);
            requests = requests.Where(one => one.MeterId == meter);
        }

        var total = await requests.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await requests.OrderByDescending(one => one.SubmittedAt).ThenByDescending(one => one.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await book.ListAsync(rows, cancellationToken), total, page, limit);
    }
}
