using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.ApproveRequest;

internal static class ApproveRequestEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/approvals/{id:guid}/approve", async (Guid id, ReviewNotesRequest? request, [AsParameters] ReviewNotesQueryRequest query, HttpRequest http, ApproveRequestHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ApprovalRequestId(id), request?.Text ?? query.Text, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(made => made.Version))
            .Slice<ApprovalView>("ApproveRequest", "Approve a request; the last step applies the change").RequirePermission(WorkforcePermissions.Decide)
            .BodyLike("""{"review_notes":"Checked with the register of houses"}""");
}

internal sealed class ApproveRequestHandler(ApprovalBook book)
{
    public Task<Outcome<ApprovalView>> HandleAsync(ApprovalRequestId id, string? notes, int? expectedVersion, CancellationToken cancellationToken) =>
        book.DecideAsync(id, Decision.Approve, notes, expectedVersion, cancellationToken);
}
