using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetSkips;

internal static class GetSkipsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/skips", async ([AsParameters] ReportRequest request, GetSkipsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetSkips", "Visits without a value by skip code").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetSkipsHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("skips", request, cancellationToken);
}
