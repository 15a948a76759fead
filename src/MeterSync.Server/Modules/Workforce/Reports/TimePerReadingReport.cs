using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>How long agents take from one reading to the next, day by day.</summary>
internal sealed class TimePerReadingReport(MeterSyncDb db, IPersonNames names, IOrganisationSettings organisation, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns =
    [
        new("agent_id", SinkColumnKind.Id), new("name", SinkColumnKind.Words), new("day", SinkColumnKind.Date), new("readings", SinkColumnKind.Number), new("first_at", SinkColumnKind.Instant), new("last_at", SinkColumnKind.Instant), new("median_minutes", SinkColumnKind.Number),
    ];
    private static readonly string[] Linked = ["readings"];

    public string Name => "time_per_reading";

    public string Meaning => "Readings of each agent and local day, and the median minutes between them.";

    public ReportFilters Filters => ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var agents = db.Set<Agent>().VisibleTo(callers.Caller).Select(agent => (UserId?)agent.Id);
        var readings = db.OfReadings().VisibleTo(db, callers.Caller).Where(reading => agents.Contains(reading.AgentId) && reading.ReadingAt >= ask.From && reading.ReadingAt < ask.To);
        if (ask.AgentId is { } only)
        {
            UserId? agent = new UserId(only);
            readings = readings.Where(reading => reading.AgentId == agent);
        }

        var zone = organisation.Current.Zone;
        var days = new List<(UserId Agent, LocalDate Day, List<DateTimeOffset> At)>();
        await foreach (var row in readings.OrderBy(reading => reading.AgentId).ThenBy(reading => reading.ReadingAt).Select(reading => new { reading.AgentId, reading.ReadingAt }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var (agent, day) = (row.AgentId!.Value, Instant.FromDateTimeOffset(row.ReadingAt).InZone(zone).Date);
            if (days.Count == 0 || days[^1].Agent != agent || days[^1].Day != day)
            {
                if (days.Count > Report.MostRows)
                {
                    break;
                }

                days.Add((agent, day, []));
            }

            days[^1].At.Add(row.ReadingAt);
        }

        var called = await names.FindAsync([.. days.Select(day => day.Agent).Distinct()], cancellationToken);
        return new Report(
            Columns,
            Linked,
            [.. days.Take(Report.MostRows).Select(day =>
            {
                // The first and the last day may lie in the period in part.
                var (start, end) = (zone.AtStartOfDay(day.Day).ToDateTimeOffset(), zone.AtStartOfDay(day.Day.PlusDays(1)).ToDateTimeOffset());
                var (from, to) = (start > ask.From ? start : ask.From, end < ask.To ? end : ask.To);
                return new ReportRow(day.Agent.Value, called.GetValueOrDefault(day.Agent, ""), DateOnly.FromDateTime(day.Day.ToDateTimeUnspecified()), day.At.Count, day.At[0], day.At[^1], Pace.MedianMinutes(day.At))
                    .At(("readings", $"/api/v1/readings?agent_id={day.Agent.Value}{new ReportAsk(from, to, null, null).Period}"));
            })],
            days.Count > Report.MostRows);
    }
}
