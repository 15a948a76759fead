using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Store;

namespace MeterSync.Modules.Billing.GetBillingRun;

internal static class GetBillingRunEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs/{id:guid}", async (Guid id, GetBillingRunHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<BillingRunView>("GetBillingRun", "A frozen run: counts, totals, adjustments").RequirePermission(BillingPermissions.Read).RequireWholeView();
}

internal sealed class GetBillingRunHandler(BillingRuns runs)
{
    public async Task<Outcome<BillingRunView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await runs.FindAsync(id, cancellationToken);
        return found.Succeeded ? BillingRunView.Of(found.Value.Run, found.Value.Adjustments) : found.Problem;
    }
}
