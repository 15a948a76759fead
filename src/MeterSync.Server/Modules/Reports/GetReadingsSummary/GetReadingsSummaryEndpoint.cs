using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetReadingsSummary;

internal static class GetReadingsSummaryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/readings-summary", async ([AsParameters] ReportRequest request, GetReadingsSummaryHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetReadingsSummary", "Readings by source and state, and how many a person verified").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetReadingsSummaryHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("readings_summary", request, cancellationToken);
}
