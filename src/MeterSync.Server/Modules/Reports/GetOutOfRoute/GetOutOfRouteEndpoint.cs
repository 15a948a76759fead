using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetOutOfRoute;

internal static class GetOutOfRouteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/out-of-route", async ([AsParameters] ReportRequest request, GetOutOfRouteHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetOutOfRoute", "Work that was done out of the walking order").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetOutOfRouteHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("out_of_route", request, cancellationToken);
}
