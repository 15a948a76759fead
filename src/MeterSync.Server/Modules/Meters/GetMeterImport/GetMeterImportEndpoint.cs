using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.ImportMeters;

namespace MeterSync.Modules.Meters.GetMeterImport;

internal static class GetMeterImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/import/{id:guid}", async (Guid id, GetMeterImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new JobId(id), cancellationToken)).ToAnswer())
            .Slice<JobView>("GetMeterImport", "How far an import of meters is, and what it did").RequirePermission(MeterPermissions.Import);
}

internal sealed class GetMeterImportHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(JobId id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, [MeterImportJob.JobKind], cancellationToken) is { } job ? job : MeterProblems.ImportNotFound.Because("There is no such import.");
}
