using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Reports.GetReport;

internal sealed record GetReportRequest
{
    /// <summary>First local day; thirty days before the end where left out.</summary>
    [FromQuery(Name = "start_date"), PlainText(40)]
    public string? StartDate { get; init; }

    /// <summary>Last local day, included; now where left out.</summary>
    [FromQuery(Name = "end_date"), PlainText(40)]
    public string? EndDate { get; init; }

    [FromQuery(Name = "cycle_id")]
    public Guid? CycleId { get; init; }

    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }
}

/// <summary>One route for each report, so that each stands in the API document by itself.</summary>
internal static class GetReportEndpoint
{
    private static readonly (string Path, string Slice, string Summary)[] Reports =
    [
        ("agent-performance", "GetAgentPerformance", "Work, readings and visits of each agent"),
        ("cycle-progress", "GetCycleProgressReport", "How far the open read cycles are, or one of them"),
        ("dashboard", "GetDashboard", "High-level counts: meters, readings, work, decisions"),
        ("high-low", "GetHighLow", "Values with unexpectedly high, low or no use"),
        ("meter-status", "GetMeterStatus", "Meters by type and status, assigned and not"),
        ("missed", "GetMissed", "Meters of a read cycle without a value"),
        ("out-of-route", "GetOutOfRoute", "Work that was done out of the walking order"),
        ("readings-summary", "GetReadingsSummary", "Readings by source and state, and how many a person verified"),
        ("skips", "GetSkips", "Visits without a value by skip code"),
        ("time-per-reading", "GetTimePerReading", "How long agents take from one reading to the next"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, slice, summary) in Reports)
        {
            routes.MapGet($"/reports/{path}", async ([AsParameters] GetReportRequest request, GetReportHandler handler, CancellationToken cancellationToken) =>
                    (await handler.HandleAsync(path, request, cancellationToken)).ToAnswer())
                .Slice<ReportView>(slice, summary).RequirePermission(ReportPermissions.Read);
        }
    }
}

internal sealed class GetReportHandler(ReportDesk desk)
{
    public async Task<Outcome<ReportView>> HandleAsync(string name, GetReportRequest request, CancellationToken cancellationToken)
    {
        var ask = desk.Read(request.StartDate, request.EndDate, request.CycleId, request.AgentId);
        return ask.Succeeded ? await desk.ShowAsync(desk.Find(name)!, ask.Value, cancellationToken) : ask.Problem;
    }
}
