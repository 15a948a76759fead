using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetMeterStatus;

internal static class GetMeterStatusEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/meter-status", async ([AsParameters] ReportRequest request, GetMeterStatusHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetMeterStatus", "Meters by type and status, assigned and not").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetMeterStatusHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("meter_status", request, cancellationToken);
}
