using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.GetMeterImport;

internal static class GetMeterImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/import/{id:guid}", async (Guid id, GetMeterImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new JobId(id), cancellationToken)).ToAnswer())
            .Slice<JobView>("GetMeterImport", "How far an import of meters is, and what it did").RequirePermission(MeterPermissions.Import);
}

internal sealed class GetMeterImportHandler(ImportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(JobId id, CancellationToken cancellationToken) =>
        desk.FindJobAsync(MeterTables.Kind, id, cancellationToken);
}
