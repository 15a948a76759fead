using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>Work that was done out of the walking order: a later stop came before an earlier one.</summary>
internal sealed class OutOfRouteReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly TimeSpan Break = TimeSpan.FromHours(6);
    private static readonly SinkColumn[] Columns =
    [
        new("agent_id", SinkColumnKind.Id), new("meter_id", SinkColumnKind.Id), new("serial_number"), new("position", SinkColumnKind.Number), new("after_position", SinkColumnKind.Number), new("completed_at", SinkColumnKind.Instant), new("assignment_id", SinkColumnKind.Id),
    ];
    private static readonly string[] Linked = ["assignment_id"];

    public string Name => "out_of_route";

    public string Meaning => "Completed work whose stop came before one that was already done on the same walk.";

    public ReportFilters Filters => ReportFilters.Cycle | ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var work = db.Set<Assignment>().AsNoTracking().VisibleTo(db, callers.Caller).Where(one => one.Status == AssignmentStatus.Completed && one.Position != null && one.CompletedAt >= ask.From && one.CompletedAt < ask.To);
        if (ask.AgentId is { } only)
        {
            var agent = new UserId(only);
            work = work.Where(one => one.AgentId == agent);
        }

        if (ask.CycleId is { } id)
        {
            ReadCycleId? cycle = new ReadCycleId(id);
            work = work.Where(one => one.CycleId == cycle);
        }

        var done = work.OrderBy(one => one.AgentId).ThenBy(one => one.CycleId).ThenBy(one => one.RouteId).ThenBy(one => one.CompletedAt)
            .Join(db.OfMeters(callers.Caller), one => one.MeterId, meter => meter.Id, (one, meter) => new { Work = one, meter.SerialNumber }).AsAsyncEnumerable();
        var rows = new List<ReportRow>();
        Assignment? before = null;
        var furthest = 0;
        await foreach (var row in done.WithCancellation(cancellationToken))
        {
            var one = row.Work;
            var sameWalk = before is not null && before.AgentId == one.AgentId && before.CycleId == one.CycleId && before.RouteId == one.RouteId && one.CompletedAt - before.CompletedAt < Break;
            furthest = sameWalk ? furthest : 0;
            if (one.Position < furthest && rows.Count <= Report.MostRows)
            {
                rows.Add(new ReportRow(one.AgentId.Value, one.MeterId.Value, row.SerialNumber, one.Position, furthest, one.CompletedAt, one.Id.Value).At(("assignment_id", $"/api/v1/assignments/{one.Id.Value}")));
            }

            (before, furthest) = (one, Math.Max(furthest, one.Position!.Value));
        }

        return new Report(Columns, Linked, [.. rows.Take(Report.MostRows)], rows.Count > Report.MostRows);
    }
}
