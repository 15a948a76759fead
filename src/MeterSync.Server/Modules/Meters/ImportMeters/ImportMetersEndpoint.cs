using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.ImportMeters;

internal static class ImportMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters/import", async (HttpRequest http, ImportMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToAccepted(job => $"/api/v1/meters/import/{job.Id}"))
            .Accepts<ImportForm>("multipart/form-data").BodyUpTo(MeterTables.Kind.MaximumFormBytes)
            .Slice<JobView>("ImportMeters", "Import a list of meters from a text table or workbook of up to 64 MB; answers with a job", StatusCodes.Status202Accepted).RequirePermission(MeterPermissions.Import);
}

internal sealed class ImportMetersHandler(ImportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken) => desk.TakeAsync(MeterTables.Kind, http, cancellationToken);
}
