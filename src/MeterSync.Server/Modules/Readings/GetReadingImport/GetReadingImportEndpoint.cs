using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.GetReadingImport;

internal static class GetReadingImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/import/{id:guid}", async (Guid id, GetReadingImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new JobId(id), cancellationToken)).ToAnswer())
            .Slice<JobView>("GetReadingImport", "How far an import of readings is, and what it did").RequirePermission(ReadingPermissions.Import);
}

internal sealed class GetReadingImportHandler(ImportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(JobId id, CancellationToken cancellationToken) =>
        desk.FindJobAsync(ReadingTables.Kind, id, cancellationToken);
}
