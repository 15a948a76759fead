using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.FieldExport;

namespace MeterSync.Modules.Sync.GetFieldExportImport;

internal static class GetFieldExportImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/import/{id:guid}", async (Guid id, GetFieldExportImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new JobId(id), cancellationToken)).ToAnswer())
            .Slice<JobView>("GetFieldExportImport", "How far the import of a phone's export is, and what became of its items").RequirePermission(SyncPermissions.Resolve);
}

internal sealed class GetFieldExportImportHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(JobId id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, [FieldExportJob.Name], cancellationToken) is { } job ? job : SyncProblems.ImportNotFound.Because("There is no such import.");
}
