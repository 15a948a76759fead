using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>How far the open cycles are, or one of any status.</summary>
internal sealed class CycleProgressReport(MeterSyncDb db, CycleCounts counts, CallerAccessor callers) : IReportSource
{
    private const int MostCycles = 50;
    private static readonly SinkColumn[] Columns =
    [
        new("cycle_id", SinkColumnKind.Id), new("name", SinkColumnKind.Words), new("status"), new("window_from", SinkColumnKind.Instant), new("window_to", SinkColumnKind.Instant), new("meters", SinkColumnKind.Number), new("read", SinkColumnKind.Number),
        new("held", SinkColumnKind.Number), new("estimated", SinkColumnKind.Number), new("skipped", SinkColumnKind.Number), new("assigned", SinkColumnKind.Number), new("unassigned", SinkColumnKind.Number), new("percent", SinkColumnKind.Number),
    ];
    private static readonly string[] Linked = ["meters", "read", "held", "estimated", "skipped", "assigned", "unassigned"];

    public string Name => "cycle_progress";

    public string Meaning => "How far the open read cycles are, or the one named by cycle_id.";

    public ReportFilters Filters => ReportFilters.Cycle;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var cycles = db.Set<ReadCycle>().AsNoTracking().VisibleTo(db, callers.Caller);
        if (ask.CycleId is { } only)
        {
            var id = new ReadCycleId(only);
            cycles = cycles.Where(cycle => cycle.Id == id);
        }
        else
        {
            cycles = cycles.Where(cycle => cycle.Status == CycleStatus.Open);
        }

        var found = await cycles.OrderByDescending(cycle => cycle.WindowFrom).ThenBy(cycle => cycle.Id).Take(MostCycles + 1).ToListAsync(cancellationToken);
        if (ask.CycleId is not null && found.Count == 0)
        {
            return WorkforceProblems.CycleNotFound.For("cycle_id", "There is no such read cycle.");
        }

        var rows = new List<ReportRow>();
        foreach (var cycle in found.Take(MostCycles))
        {
            var count = await counts.CountAsync(cycle, cancellationToken);
            rows.Add(new ReportRow(
                cycle.Id.Value, cycle.Name, Terms<CycleStatus>.WordOf(cycle.Status), cycle.WindowFrom, cycle.WindowTo, count.Total, count.Read, count.Held, count.Estimated, count.Skipped, count.Assigned, count.Unassigned,
                count.Total == 0 ? 0.0 : Math.Round(100.0 * (count.Total - count.Missing) / count.Total, 1)).At(
                ("meters", CycleLinks.Meters(cycle.Id)), ("read", CycleLinks.Meters(cycle.Id, CycleOutcome.Read)), ("held", CycleLinks.Meters(cycle.Id, CycleOutcome.Held)), ("estimated", CycleLinks.Meters(cycle.Id, CycleOutcome.Estimated)),
                ("skipped", CycleLinks.Meters(cycle.Id, CycleOutcome.Skipped)), ("assigned", CycleLinks.Meters(cycle.Id, CycleOutcome.Assigned)), ("unassigned", CycleLinks.Meters(cycle.Id, CycleOutcome.Unassigned))));
        }

        return new Report(Columns, Linked, rows, found.Count > MostCycles);
    }
}
