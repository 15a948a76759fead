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
        routes.MapGet("/readings/import/template", (HttpResponse response, CancellationToken cancellationToken) => TableTemplate.WriteAsync(response, "readings-template.csv", Headings, Examples, cancellationToken))
            .WithName("GetReadingImportTemplate").WithSummary("A table of readings to fill in: all columns and two example rows").Produces(StatusCodes.Status200OK, contentType: "text/csv").RequirePermission(ReadingPermissions.Import);
}
