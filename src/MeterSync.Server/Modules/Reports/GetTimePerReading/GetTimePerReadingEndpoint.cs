using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetTimePerReading;

internal static class GetTimePerReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/time-per-reading", async ([AsParameters] ReportRequest request, GetTimePerReadingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetTimePerReading", "How long agents take from one reading to the next").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetTimePerReadingHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("time_per_reading", request, cancellationToken);
}
