using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Audit.Public;
using MeterSync.Modules.Audit.Store;

namespace MeterSync.Modules.Audit.GetAuditVerification;

internal static class GetAuditVerificationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/audit-logs/verify/{id:guid}", async (Guid id, GetAuditVerificationHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<JobView>("GetAuditVerification", "How far a verification is; its result says whether the chain is unbroken").RequirePermission(AuditPermission.Verify);
}

internal sealed class GetAuditVerificationHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(new JobId(id), [Verifications.JobKind], cancellationToken) is { } job ? job : KernelProblems.NotFound.Because("There is no such verification.");
}
