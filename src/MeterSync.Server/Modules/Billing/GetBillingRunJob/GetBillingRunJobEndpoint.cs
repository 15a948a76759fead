using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Store;

namespace MeterSync.Modules.Billing.GetBillingRunJob;

internal static class GetBillingRunJobEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs/jobs/{id:guid}", async (Guid id, GetBillingRunJobHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<JobView>("GetBillingRunJob", "How far a freeze is; its result names the run").RequirePermission(BillingPermissions.Read).RequireWholeView();
}

internal sealed class GetBillingRunJobHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(new JobId(id), [BillingRuns.FreezeJob], cancellationToken) is { } job ? job : KernelProblems.NotFound.Because("There is no such freeze.");
}
