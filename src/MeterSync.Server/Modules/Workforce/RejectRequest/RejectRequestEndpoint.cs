using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.RejectRequest;

internal static class RejectRequestEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/approvals/{id:guid}/reject", async (Guid id, ReviewNotesRequest? request, [AsParameters] ReviewNotesQueryRequest query, HttpRequest http, RejectRequestHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ApprovalRequestId(id), request?.Text ?? query.Text, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(made => made.Version))
            .Slice<ApprovalView>("RejectRequest", "Reject a request; review_notes says why").RequirePermission(WorkforcePermissions.Decide)
            .BodyLike("""{"review_notes":"The old number is right"}""");
}

internal sealed class RejectRequestHandler(ApprovalBook book)
{
    public Task<Outcome<ApprovalView>> HandleAsync(ApprovalRequestId id, string? notes, int? expectedVersion, CancellationToken cancellationToken) =>
        book.DecideAsync(id, Decision.Reject, notes, expectedVersion, cancellationToken);
}
