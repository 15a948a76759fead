using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>The meters of a cycle that have no value.</summary>
internal sealed class MissedReport(MeterSyncDb db, CycleBook book, CycleCounts counts, CallerAccessor callers) : IReportSource
{
    private const int AtOnce = 500;
    private static readonly SinkColumn[] Columns =
    [
        new("meter_id", SinkColumnKind.Id), new("serial_number"), new("address", SinkColumnKind.Words), new("last_skip"), new("skipped_at", SinkColumnKind.Instant), new("agent_id", SinkColumnKind.Id), new("assignment_status"),
    ];
    private static readonly string[] Linked = ["serial_number", "last_skip", "assignment_status"];

    public string Name => "missed";

    public string Meaning => "Meters of a read cycle without a value, with the last skip and who has them to read; needs cycle_id.";

    public ReportFilters Filters => ReportFilters.Cycle | ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        if (ask.CycleId is not { } id)
        {
            return KernelProblems.Invalid.For("cycle_id", "Say which read cycle.");
        }

        var found = await book.FindAsync(new ReadCycleId(id), cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var cycle = found.Value;
        var missing = await counts.MissingAsync(cycle, cancellationToken);
        UserId? agent = ask.AgentId is { } only ? new UserId(only) : null;
        if (agent is { } given)
        {
            var own = (await db.Set<Assignment>().Where(one => one.AgentId == given && one.ReleasedAt == null).Select(one => one.MeterId).ToListAsync(cancellationToken)).ToHashSet();
            missing = [.. missing.Where(own.Contains)];
        }

        var rows = new List<ReportRow>();
        foreach (var part in missing.Take(Report.MostRows).Chunk(AtOnce))
        {
            var meters = await db.OfMeters(callers.Caller).Where(meter => part.Contains(meter.Id)).ToListAsync(cancellationToken);
            var skips = (await db.Set<Skip>().AsNoTracking().Where(skip => skip.CycleId == cycle.Id && part.Contains(skip.MeterId)).ToListAsync(cancellationToken)).ToLookup(skip => skip.MeterId);
            var work = (await db.Set<Assignment>().AsNoTracking().Where(one => part.Contains(one.MeterId) && one.ReleasedAt == null).ToListAsync(cancellationToken)).ToLookup(one => one.MeterId);
            rows.AddRange(meters.OrderBy(meter => meter.SerialNumber, StringComparer.Ordinal).Select(meter => (Meter: meter, Work: work[meter.Id].MaxBy(one => one.AssignedAt))).Where(row => agent is null || row.Work?.AgentId == agent).Select(row =>
            {
                var (meter, skip, one) = (row.Meter, skips[row.Meter.Id].MaxBy(skip => skip.SkippedAt), row.Work);
                return new ReportRow(
                    meter.Id.Value, meter.SerialNumber, meter.Address, skip is null ? null : Terms<SkipCode>.WordOf(skip.Code), skip?.SkippedAt, one?.AgentId.Value, one is null ? null : Terms<AssignmentStatus>.WordOf(one.Status)).At(
                    ("serial_number", $"/api/v1/meters/{meter.Id.Value}"), ("last_skip", $"/api/v1/skips?meter_id={meter.Id.Value}&cycle_id={cycle.Id.Value}"), ("assignment_status", $"/api/v1/assignments?meter_id={meter.Id.Value}"));
            }));
        }

        return new Report(Columns, Linked, rows, missing.Count > Report.MostRows);
    }
}
