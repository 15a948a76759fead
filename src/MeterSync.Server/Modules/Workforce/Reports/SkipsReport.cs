using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>Visits without a value by code.</summary>
internal sealed class SkipsReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns = [new("code"), new("visits", SinkColumnKind.Number), new("meters", SinkColumnKind.Number), new("agents", SinkColumnKind.Number)];
    private static readonly string[] Linked = ["visits", "meters", "agents"];

    public string Name => "skips";

    public string Meaning => "Visits without a value by skip code.";

    public ReportFilters Filters => ReportFilters.Cycle | ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var skips = db.Set<Skip>().VisibleTo(db, callers.Caller).Where(skip => skip.SkippedAt >= ask.From && skip.SkippedAt < ask.To);
        if (ask.CycleId is { } id)
        {
            ReadCycleId? cycle = new ReadCycleId(id);
            skips = skips.Where(skip => skip.CycleId == cycle);
        }

        if (ask.AgentId is { } only)
        {
            UserId? agent = new UserId(only);
            skips = skips.Where(skip => skip.AgentId == agent);
        }

        var rows = await skips.GroupBy(skip => skip.Code).Select(group => new { group.Key, Count = group.Count(), Meters = group.Select(skip => skip.MeterId).Distinct().Count(), Agents = group.Select(skip => skip.AgentId).Distinct().Count() }).ToListAsync(cancellationToken);
        return new Report(Columns, Linked, [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.Key).Select(row =>
        {
            var code = Terms<SkipCode>.WordOf(row.Key);
            var path = $"/api/v1/skips?code={code}{(ask.CycleId is { } cycle ? $"&cycle_id={cycle}" : "")}{(ask.AgentId is { } agent ? $"&agent_id={agent}" : "")}{ask.Period}";
            return new ReportRow(code, row.Count, row.Meters, row.Agents).At(("visits", path), ("meters", path + "&latest_per=meter"), ("agents", path + "&latest_per=agent"));
        })]);
    }
}
