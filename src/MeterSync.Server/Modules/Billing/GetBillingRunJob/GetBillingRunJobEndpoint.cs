using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.FreezeBillingRun;

namespace MeterSync.Modules.Billing.GetBillingRunJob;

internal static class GetBillingRunJobEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs/jobs/{id:guid}", async (Guid id, IJobQueue jobs, CancellationToken cancellationToken) =>
                Answer(await jobs.FindAsync(new JobId(id), [FreezeBillingRunJob.JobKind], cancellationToken)).ToAnswer())
            .Slice<JobView>("GetBillingRunJob", "How far a freeze is; its result names the run").RequirePermission(BillingPermissions.Read);

    private static Outcome<JobView> Answer(JobView? job) => job is null ? KernelProblems.NotFound.Because("There is no such freeze.") : job;
}
