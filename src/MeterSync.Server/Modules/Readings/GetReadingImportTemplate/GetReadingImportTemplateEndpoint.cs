using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Readings.GetReadingImportTemplate;

internal static class GetReadingImportTemplateEndpoint
{
    private static readonly string[] Headings = ["serial_number", "register", "reading_timestamp", "reading_value", "source", "quality", "agent", "notes"];

    private static readonly string[][] Examples =
    [
        ["EL-100001", "total", "2025-01-31 09:15", "12345.6", "import", "actual", "", "Taken over from the old system"],
        ["EL-100001", "total", "2025-02-28", "12470.0", "estimate", "estimated", "", ""],
    ];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/import/template", WriteAsync)
            .WithName("GetReadingImportTemplate").WithSummary("A table of readings to fill in: all columns and two example rows").Produces(StatusCodes.Status200OK, contentType: "text/csv").RequirePermission(ReadingPermissions.Import);

    private static async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"readings-template.csv\"";
        await using var table = new TableWriter(response.BodyWriter, new TableWriteOptions { WithByteOrderMark = true });
        foreach (var row in Examples.Prepend(Headings))
        {
            table.Texts(row);
            await table.EndRowAsync(cancellationToken);
        }

        await table.CompleteAsync(cancellationToken);
    }
}
