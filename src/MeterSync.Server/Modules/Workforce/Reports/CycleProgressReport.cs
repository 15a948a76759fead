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

    public string Name => "cycle_progress";

    public string Meaning => "How far the open read cycles are, or the one named by cycle_id.";

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
            var id = cycle.Id.Value;
            rows.Add(new ReportRow(
                id, cycle.Name, Terms<CycleStatus>.WordOf(cycle.Status), cycle.WindowFrom, cycle.WindowTo, count.Total, count.Read, count.Held, count.Estimated, count.Skipped, count.Assigned, count.Unassigned,
                count.Total == 0 ? 0.0 : Math.Round(100.0 * (count.Total - count.Missing) / count.Total, 1)).At(
                ("meters", $"/api/v1/read-cycles/{id}/progress"), ("skipped", $"/api/v1/skips?cycle_id={id}"), ("assigned", $"/api/v1/assignments?cycle_id={id}"), ("unassigned", $"/api/v1/reports/missed?cycle_id={id}")));
        }

        return new Report(Columns, rows, found.Count > MostCycles);
    }
}
