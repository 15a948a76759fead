using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>Values that were high, low or zero against what was expected.</summary>
internal sealed class HighLowReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns =
    [
        new("reading_id", SinkColumnKind.Id), new("meter_id", SinkColumnKind.Id), new("serial_number"), new("reading_at", SinkColumnKind.Instant), new("value", SinkColumnKind.Number), new("consumption", SinkColumnKind.Number), new("days", SinkColumnKind.Number), new("flags"), new("state"),
    ];
    private static readonly string[] Linked = ["value", "consumption"];

    public string Name => "high_low";

    public string Meaning => "Values with unexpectedly high (VEE-105), low (VEE-106) or no use (VEE-107).";

    public ReportFilters Filters => ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var values = db.OfValues().Where(value => value.ReadingAt >= ask.From && value.ReadingAt < ask.To && value.State != ReadingState.Superseded
            && (value.Flags.Contains("VEE-105") || value.Flags.Contains("VEE-106") || value.Flags.Contains("VEE-107")));
        if (ask.AgentId is { } only)
        {
            UserId? agent = new UserId(only);
            var read = db.OfReadings().Where(reading => reading.AgentId == agent).Select(reading => reading.Id);
            values = values.Where(value => read.Contains(value.ReadingId));
        }

        var rows = await (
            from value in values
            join meter in db.OfMeters(callers.Caller) on value.MeterId equals meter.Id
            orderby value.ReadingAt descending, value.ReadingId
            select new { Value = value, meter.SerialNumber }).Take(Report.MostRows + 1).ToListAsync(cancellationToken);
        return new Report(
            Columns,
            Linked,
            [.. rows.Take(Report.MostRows).Select(row => new ReportRow(
                row.Value.ReadingId.Value, row.Value.MeterId.Value, row.SerialNumber, row.Value.ReadingAt, row.Value.Value, row.Value.Consumption, row.Value.Days, row.Value.Flags, Terms<ReadingState>.WordOf(row.Value.State))
                .At(("value", $"/api/v1/readings/{row.Value.ReadingId.Value}"), ("consumption", $"/api/v1/readings/meter/{row.Value.MeterId.Value}")))],
            rows.Count > Report.MostRows);
    }
}
