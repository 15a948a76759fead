using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetDashboard;

internal static class GetDashboardEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/dashboard", async ([AsParameters] ReportRequest request, GetDashboardHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetDashboard", "High-level counts: meters, readings, work, decisions").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetDashboardHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("dashboard", request, cancellationToken);
}
