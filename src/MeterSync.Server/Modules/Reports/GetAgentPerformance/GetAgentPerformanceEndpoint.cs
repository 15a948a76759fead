using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Reports.GetAgentPerformance;

internal static class GetAgentPerformanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/agent-performance", async ([AsParameters] ReportRequest request, GetAgentPerformanceHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReportView>("GetAgentPerformance", "Work, readings and visits of each agent").RequirePermission(ReportPermissions.Read);
}

internal sealed class GetAgentPerformanceHandler(ReportDesk desk)
{
    public Task<Outcome<ReportView>> HandleAsync(ReportRequest request, CancellationToken cancellationToken) => desk.ShowAsync("agent_performance", request, cancellationToken);
}
