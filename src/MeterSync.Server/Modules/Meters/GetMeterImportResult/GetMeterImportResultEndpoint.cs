using MeterSync.Kernel;
using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.GetMeterImportResult;

internal static class GetMeterImportResultEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/import/{id:guid}/result", async (Guid id, HttpRequest request, GetMeterImportResultHandler handler, CancellationToken cancellationToken) =>
            {
                // A download that is resumed by byte must be the same bytes each time, so it is never compressed on the way.
                request.Headers.AcceptEncoding = default;
                var found = await handler.HandleAsync(new JobId(id), cancellationToken);
                return found.Succeeded ? found.Value.ToResult() : new Answer<ImportFile>(found.Problem);
            })
            .WithName("GetMeterImportResult").WithSummary("The rows of an import of meters with their problems beside them, in the form they came in").Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType).RequirePermission(MeterPermissions.Import);
}

internal sealed class GetMeterImportResultHandler(ImportDesk desk)
{
    public Task<Outcome<ImportFile>> HandleAsync(JobId id, CancellationToken cancellationToken) => desk.FindFileAsync(MeterTables.Kind, id, cancellationToken);
}
