using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.ImportReadings;

internal static class ImportReadingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/import", async (HttpRequest http, ImportReadingsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToAccepted(job => $"/api/v1/readings/import/{job.Id}"))
            .Accepts<ImportForm>("multipart/form-data").BodyUpTo(ReadingTables.Kind.MaximumFormBytes)
            .Slice<JobView>("ImportReadings", "Import historic readings from a text table or workbook of up to 256 MB; answers with a job", StatusCodes.Status202Accepted).RequirePermission(ReadingPermissions.Import);
}

internal sealed class ImportReadingsHandler(ImportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken) => desk.TakeAsync(ReadingTables.Kind, http, cancellationToken);
}
