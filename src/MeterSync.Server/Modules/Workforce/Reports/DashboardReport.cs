using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>The numbers of the day.</summary>
internal sealed class DashboardReport(MeterSyncDb db, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns = [new("metric"), new("value", SinkColumnKind.Number)];
    private static readonly string[] Linked = ["value"];

    public string Name => "dashboard";

    public string Meaning => "High-level counts: meters, readings, work, decisions.";

    public ReportFilters Filters => ReportFilters.None;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var rows = new List<ReportRow>();
        await MetersAsync(rows, cancellationToken);
        await ReadingsAsync(rows, ask, cancellationToken);
        await WorkAsync(rows, ask, cancellationToken);
        return new Report(Columns, Linked, rows);
    }

    private static void Add(List<ReportRow> rows, string metric, double value, string path) => rows.Add(new ReportRow(metric, value).At(("value", path)));

    private async Task MetersAsync(List<ReportRow> rows, CancellationToken cancellationToken)
    {
        var counts = await db.OfMeters(callers.Caller).GroupBy(meter => meter.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        Add(rows, "meters", counts.Values.Sum(), "/api/v1/meters");
        foreach (var status in Enum.GetValues<MeterStatus>())
        {
            Add(rows, $"meters_{Terms<MeterStatus>.WordOf(status)}", counts.GetValueOrDefault(status), $"/api/v1/meters?status={Terms<MeterStatus>.WordOf(status)}");
        }

        var assigned = await Work().Where(work => work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue).CountAsync(cancellationToken);
        Add(rows, "meters_assigned", assigned, "/api/v1/meters?assigned=true");
    }

    private async Task ReadingsAsync(List<ReportRow> rows, ReportAsk ask, CancellationToken cancellationToken)
    {
        var counts = await Readings().Where(reading => reading.ReadingAt >= ask.From && reading.ReadingAt < ask.To)
            .GroupBy(reading => new { reading.State, IsVerified = reading.VerifiedAt != null }).Select(group => new { group.Key.State, group.Key.IsVerified, Count = group.Count() }).ToListAsync(cancellationToken);
        var total = counts.Sum(row => row.Count);
        var verified = counts.Where(row => row.IsVerified).Sum(row => row.Count);
        Add(rows, "readings", total, $"/api/v1/readings?{ask.Period[1..]}");
        foreach (var state in new[] { ReadingState.Accepted, ReadingState.Held, ReadingState.Rejected })
        {
            Add(rows, $"readings_{Terms<ReadingState>.WordOf(state)}", counts.Where(row => row.State == state).Sum(row => row.Count), $"/api/v1/readings?state={Terms<ReadingState>.WordOf(state)}{ask.Period}");
        }

        Add(rows, "readings_verified", verified, $"/api/v1/readings?verified=true{ask.Period}");
        Add(rows, "verified_percent", total == 0 ? 0 : Math.Round(100.0 * verified / total, 1), $"/api/v1/readings?verified=true{ask.Period}");
        Add(rows, "held_now", await Readings().CountAsync(reading => reading.State != ReadingState.Accepted && reading.State == ReadingState.Held, cancellationToken), "/api/v1/readings?state=held");
    }

    private async Task WorkAsync(List<ReportRow> rows, ReportAsk ask, CancellationToken cancellationToken)
    {
        var work = await Work().Where(one => one.ReleasedAt == null).GroupBy(one => one.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        foreach (var status in new[] { AssignmentStatus.Pending, AssignmentStatus.InProgress, AssignmentStatus.Overdue })
        {
            Add(rows, $"assignments_{Terms<AssignmentStatus>.WordOf(status)}", work.GetValueOrDefault(status), $"/api/v1/assignments?status={Terms<AssignmentStatus>.WordOf(status)}");
        }

        Add(rows, "assignments_completed", await Work().CountAsync(one => one.CompletedAt >= ask.From && one.CompletedAt < ask.To, cancellationToken), $"/api/v1/assignments?status=completed{ask.Between("completed_from", "completed_to")}");
        Add(rows, "agents", await db.Set<Agent>().VisibleTo(callers.Caller).CountAsync(agent => agent.RetiredAt == null, cancellationToken), "/api/v1/agents");
        Add(rows, "agents_available", await db.Set<Agent>().VisibleTo(callers.Caller).WithRoom(db).CountAsync(cancellationToken), "/api/v1/agents/available");
        Add(rows, "approvals_pending", await db.Set<ApprovalRequest>().VisibleTo(db, callers.Caller).CountAsync(request => request.Status == ApprovalStatus.Pending || request.Status == ApprovalStatus.UnderReview, cancellationToken), "/api/v1/approvals/pending");
        Add(rows, "follow_ups_open", await db.Set<FollowUp>().VisibleTo(db, callers.Caller).CountAsync(followUp => followUp.ClosedAt == null, cancellationToken), "/api/v1/follow-ups");
        Add(rows, "skips", await db.Set<Skip>().VisibleTo(db, callers.Caller).CountAsync(skip => skip.SkippedAt >= ask.From && skip.SkippedAt < ask.To, cancellationToken), $"/api/v1/skips?{ask.Period[1..]}");
        Add(rows, "read_cycles_open", await db.Set<ReadCycle>().VisibleTo(db, callers.Caller).CountAsync(cycle => cycle.Status == CycleStatus.Open, cancellationToken), "/api/v1/read-cycles?status=open");
    }

    private IQueryable<Assignment> Work() => db.Set<Assignment>().VisibleTo(db, callers.Caller);

    private IQueryable<ReadingFact> Readings() => db.OfReadings().VisibleTo(db, callers.Caller);
}
