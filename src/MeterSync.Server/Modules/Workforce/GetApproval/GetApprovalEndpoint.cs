using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.GetApproval;

internal static class GetApprovalEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/approvals/{id:guid}", async (Guid id, GetApprovalHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ApprovalRequestId(id), cancellationToken)).ToAnswer(made => made.Version))
            .Slice<ApprovalView>("GetApproval", "A request with all that was said to it").RequirePermission(WorkforcePermissions.ReadApprovals);
}

internal sealed class GetApprovalHandler(ApprovalBook book)
{
    public async Task<Outcome<ApprovalView>> HandleAsync(ApprovalRequestId id, CancellationToken cancellationToken) =>
        await book.Visible().AsNoTracking().FirstOrDefaultAsync(request => request.Id == id, cancellationToken) is { } found ? await book.ShowAsync(found, cancellationToken) : WorkforceProblems.ApprovalNotFound.Because("There is no such request.");
}
