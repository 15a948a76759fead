using MeterSync.Kernel.Web;

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

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/import/template", (HttpResponse response, CancellationToken cancellationToken) => TableTemplate.WriteAsync(response, "meters-template.csv", Headings, Examples, cancellationToken))
            .WithName("GetMeterImportTemplate").WithSummary("A table of meters to fill in: all columns and two example rows").Produces(StatusCodes.Status200OK, contentType: "text/csv").RequirePermission(MeterPermissions.Import);
}
