using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Workforce.GetReadCycleClosing;

internal static class GetReadCycleClosingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/read-cycles/{id:guid}/close/{job_id:guid}", async (Guid id, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "job_id")] Guid job, GetReadCycleClosingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), new JobId(job), cancellationToken)).ToAnswer())
            .Slice<JobView>("GetReadCycleClosing", "How far the closing of a cycle is").RequirePermission(WorkforcePermissions.WriteCycles);
}

internal sealed class GetReadCycleClosingHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(ReadCycleId id, JobId job, CancellationToken cancellationToken) =>
        await jobs.FindAsync(job, [JobKinds.CloseCycle], cancellationToken) is { } found ? found : WorkforceProblems.CycleNotFound.Because($"Nobody closes the cycle {id.Value} in that job.");
}
