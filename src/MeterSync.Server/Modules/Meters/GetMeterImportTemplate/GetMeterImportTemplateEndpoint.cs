using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Import;

namespace MeterSync.Modules.Meters.GetMeterImportTemplate;

internal static class GetMeterImportTemplateEndpoint
{
    private static readonly string[] Headings =
        ["serial_number", "type", "status", "priority", "address", "latitude", "longitude", "position_source", "owner", "location_id", "region", "registers", "unit", "digits", "decimals", "multiplier", "installed_at", "external_id", "time_zone", "access_notes", "hazard_notes", "key_number", "estimated_time", "meta.floor"];

    private static readonly string[][] Examples =
    [
        ["EL-100001", "electric", "active", "medium", "12 Station Road", "48.4412", "22.7178", "surveyed", "Flat 3", "NORTH-1", "", "T1;T2", "kWh", "6", "1", "1", "2021-05-04", "62Z0000000000011", "Europe/Kyiv", "Ring at number 14", "", "K-17", "5", "2"],
        ["W-200001", "water", "active", "low", "12 Station Road, cellar", "", "", "", "Flat 3", "NORTH-1", "", "", "m3", "5", "3", "", "", "", "", "", "Steep stairs", "", "", "0"],
    ];

    private static readonly TableTemplate Template = new("meters", new MeterColumns([]).Set, Headings, Examples);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/import/template", ([AsParameters] TableTemplateRequest request, HttpResponse response, CancellationToken cancellationToken) => Template.WriteAsync(response, request.Format, cancellationToken))
            .WithName("GetMeterImportTemplate").WithSummary("A table of meters to fill in: all columns and examples; with format=xlsx a workbook with notes").Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType).RequirePermission(MeterPermissions.Import);
}
