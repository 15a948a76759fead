using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Import;

namespace MeterSync.Modules.Readings.GetReadingImportTemplate;

internal static class GetReadingImportTemplateEndpoint
{
    private static readonly string[] Headings = ["serial_number", "register", "reading_timestamp", "reading_value", "source", "quality", "agent", "notes"];

    private static readonly string[][] Examples =
    [
        ["EL-100001", "total", "2025-01-31 09:15", "12345.6", "import", "actual", "", "Taken over from the old system"],
        ["EL-100001", "total", "2025-02-28", "12470.0", "estimate", "estimated", "", ""],
    ];

    private static readonly TableTemplate Template = new("readings", ReadingColumns.Set, Headings, Examples);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/readings/import/template", ([AsParameters] TableTemplateRequest request, HttpResponse response, CancellationToken cancellationToken) => Template.WriteAsync(response, request.Format, cancellationToken))
            .WithName("GetReadingImportTemplate").WithSummary("A table of readings to fill in: all columns and examples; with format=xlsx a workbook with notes").Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType).RequirePermission(ReadingPermissions.Import);
}
