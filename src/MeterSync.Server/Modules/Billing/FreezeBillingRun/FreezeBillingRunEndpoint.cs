using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Public;

namespace MeterSync.Modules.Billing.FreezeBillingRun;

/// <param name="Name">Null: the period.</param>
/// <param name="PeriodFrom">Inclusive; a local date or an instant.</param>
/// <param name="PeriodTo">Exclusive; a local date or an instant.</param>
/// <param name="LocationId">Only meters of this location; null for all.</param>
/// <param name="AllowOverlap">Freeze even where another run covers part of the period for the same registers.</param>
internal sealed record FreezeBillingRunRequest(
    [property: StringLength(200), PlainWords] string? Name,
    [property: Required, StringLength(40)] string? PeriodFrom,
    [property: Required, StringLength(40)] string? PeriodTo,
    [property: StringLength(100), PlainWords] string? LocationId,
    bool AllowOverlap = false);

internal static class FreezeBillingRunEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/billing-runs", async (FreezeBillingRunRequest request, FreezeBillingRunHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAccepted(job => $"/api/v1/billing-runs/jobs/{job.Id}"))
            .Slice<JobView>("FreezeBillingRun", "Freeze the billing rows of a period", StatusCodes.Status202Accepted).RequirePermission(BillingPermissions.Freeze).RequireWholeView()
            .BodyLike("""{"name":"March 2026","period_from":"2026-03-01","period_to":"2026-04-01","location_id":"north","allow_overlap":false}""");
}
