using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListPendingApprovals;

internal sealed record ListPendingApprovalsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListPendingApprovalsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/approvals/pending", async ([AsParameters] ListPendingApprovalsRequest request, ListPendingApprovalsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ApprovalView>>("ListPendingApprovals", "Requests nobody has decided yet, the oldest first").RequirePermission(WorkforcePermissions.ReadApprovals);
}

internal sealed class ListPendingApprovalsHandler(ApprovalBook book)
{
    public async Task<Outcome<Page<ApprovalView>>> HandleAsync(ListPendingApprovalsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var requests = book.Visible().AsNoTracking().Where(one => one.Status == ApprovalStatus.Pending || one.Status == ApprovalStatus.UnderReview);
        var total = await requests.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await requests.OrderBy(one => one.SubmittedAt).ThenBy(one => one.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await book.ListAsync(rows, cancellationToken), total, page, limit);
    }
}
