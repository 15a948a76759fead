using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetMissed;

internal static class GetMissedEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/missed", async ([AsParameters] ReportRequest request, GetMissedHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetMissed", "Meters of a read cycle without a value").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetMissedHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("missed", request, cancellationToken);
}
