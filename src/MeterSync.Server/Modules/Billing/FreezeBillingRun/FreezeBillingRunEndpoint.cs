using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Billing.FreezeBillingRun;

/// <param name="Name">Null: the period.</param>
/// <param name="PeriodFrom">Inclusive; a local date or an instant.</param>
/// <param name="PeriodTo">Exclusive; a local date or an instant.</param>
/// <param name="LocationId">Only meters of this location; null for all.</param>
/// <param name="AllowOverlap">Freeze even where another run covers part of the period for the same registers.</param>
internal sealed record FreezeBillingRunRequest(
    [property: StringLength(200)] string? Name,
    [property: Required, StringLength(40)] string? PeriodFrom,
    [property: Required, StringLength(40)] string? PeriodTo,
    [property: StringLength(100)] string? LocationId,
    bool AllowOverlap = false);

internal static class FreezeBillingRunEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/billing-runs", async (FreezeBillingRunRequest request, FreezeBillingRunHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAccepted(job => $"/api/v1/billing-runs/jobs/{job.Id}"))
            .Slice<JobView>("FreezeBillingRun", "Freeze the billing rows of a period", StatusCodes.Status202Accepted).RequirePermission(BillingPermissions.Freeze);
}
