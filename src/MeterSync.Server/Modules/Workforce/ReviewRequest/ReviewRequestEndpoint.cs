using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.ReviewRequest;

internal static class ReviewRequestEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/approvals/{id:guid}/review", async (Guid id, ReviewNotesRequest? request, [AsParameters] ReviewNotesQueryRequest query, HttpRequest http, ReviewRequestHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ApprovalRequestId(id), request?.Text ?? query.Text, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(made => made.Version))
            .Slice<ApprovalView>("ReviewRequest", "Say that somebody looks at a request").RequirePermission(WorkforcePermissions.Decide)
            .BodyLike("""{"review_notes":"Asked the customer"}""");
}

internal sealed class ReviewRequestHandler(ApprovalBook book)
{
    public Task<Outcome<ApprovalView>> HandleAsync(ApprovalRequestId id, string? notes, int? expectedVersion, CancellationToken cancellationToken) =>
        book.DecideAsync(id, Decision.Review, notes, expectedVersion, cancellationToken);
}
