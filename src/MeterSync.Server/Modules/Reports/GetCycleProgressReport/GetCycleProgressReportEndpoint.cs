using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetCycleProgressReport;

internal static class GetCycleProgressReportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/cycle-progress", async ([AsParameters] ReportRequest request, GetCycleProgressReportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetCycleProgressReport", "How far the open read cycles are, or one of them").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetCycleProgressReportHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("cycle_progress", request, cancellationToken);
}
