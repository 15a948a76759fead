using MeterSync.Kernel;
using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Import;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.GetReadingImportResult;

internal static class GetReadingImportResultEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/import/{id:guid}/result", async (Guid id, HttpRequest request, GetReadingImportResultHandler handler, CancellationToken cancellationToken) =>
            {
                // A download that is resumed by byte must be the same bytes each time, so it is never compressed on the way.
                request.Headers.AcceptEncoding = default;
                var found = await handler.HandleAsync(new JobId(id), cancellationToken);
                return found.Succeeded ? found.Value.ToResult() : new Answer<ImportFile>(found.Problem);
            })
            .WithName("GetReadingImportResult").WithSummary("The rows of an import of readings with their problems beside them, in the form they came in").Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType).RequirePermission(ReadingPermissions.Import);
}

internal sealed class GetReadingImportResultHandler(ImportDesk desk)
{
    public Task<Outcome<ImportFile>> HandleAsync(JobId id, CancellationToken cancellationToken) => desk.FindFileAsync(ReadingTables.Kind, id, cancellationToken);
}
