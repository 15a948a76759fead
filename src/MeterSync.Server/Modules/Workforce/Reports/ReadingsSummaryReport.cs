using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>Readings by source and state.</summary>
internal sealed class ReadingsSummaryReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns = [new("source"), new("state"), new("readings", SinkColumnKind.Number), new("verified", SinkColumnKind.Number), new("verified_percent", SinkColumnKind.Number)];
    private static readonly string[] Linked = ["readings", "verified"];

    public string Name => "readings_summary";

    public string Meaning => "Readings by source and state, and how many a person verified.";

    public ReportFilters Filters => ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var readings = db.OfReadings().VisibleTo(db, callers.Caller).Where(reading => reading.ReadingAt >= ask.From && reading.ReadingAt < ask.To);
        if (ask.AgentId is { } only)
        {
            UserId? agent = new UserId(only);
            readings = readings.Where(reading => reading.AgentId == agent);
        }

        var rows = await readings
            .GroupBy(reading => new { reading.Source, reading.State }).Select(group => new { group.Key.Source, group.Key.State, Count = group.Count(), Verified = group.Count(reading => reading.VerifiedAt != null) }).ToListAsync(cancellationToken);
        return new Report(Columns, Linked, [.. rows.OrderBy(row => row.Source).ThenBy(row => row.State).Select(row =>
        {
            var (source, state) = (Terms<ReadingSource>.WordOf(row.Source), Terms<ReadingState>.WordOf(row.State));
            var path = $"/api/v1/readings?source={source}&state={state}{(ask.AgentId is { } agent ? $"&agent_id={agent}" : "")}{ask.Period}";
            return new ReportRow(source, state, row.Count, row.Verified, Math.Round(100.0 * row.Verified / row.Count, 1)).At(("readings", path), ("verified", path + "&verified=true"));
        })]);
    }
}
