using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetHighLow;

internal static class GetHighLowEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/high-low", async ([AsParameters] ReportRequest request, GetHighLowHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetHighLow", "Values with unexpectedly high, low or no use").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetHighLowHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("high_low", request, cancellationToken);
}
