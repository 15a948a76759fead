using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Reports;

/// <summary>What each agent did.</summary>
internal sealed class AgentPerformanceReport(MeterSyncDb db, IPersonNames names, CallerAccessor callers) : IReportSource
{
    private static readonly SinkColumn[] Columns =
    [
        new("agent_id", SinkColumnKind.Id), new("name", SinkColumnKind.Words), new("assigned", SinkColumnKind.Number), new("completed", SinkColumnKind.Number), new("overdue", SinkColumnKind.Number),
        new("completion_percent", SinkColumnKind.Number), new("readings", SinkColumnKind.Number), new("held", SinkColumnKind.Number), new("rejected", SinkColumnKind.Number), new("verified", SinkColumnKind.Number),
        new("skips", SinkColumnKind.Number), new("visit_score", SinkColumnKind.Number),
    ];
    private static readonly string[] Linked = ["assigned", "completed", "overdue", "readings", "held", "rejected", "verified", "skips", "visit_score"];

    public string Name => "agent_performance";

    public string Meaning => "Work, readings and visits of each agent.";

    public ReportFilters Filters => ReportFilters.Agent;

    public async Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var agents = db.Set<Agent>().AsNoTracking().VisibleTo(caller);
        if (ask.AgentId is { } only)
        {
            var id = new UserId(only);
            agents = agents.Where(agent => agent.Id == id);
        }

        var ids = await agents.OrderBy(agent => agent.CreatedAt).ThenBy(agent => agent.Id).Select(agent => agent.Id).Take(Report.MostRows + 1).ToListAsync(cancellationToken);
        var called = await names.FindAsync(ids, cancellationToken);
        var work = (await db.Set<Assignment>().VisibleTo(db, caller).Where(one => one.AssignedAt >= ask.From && one.AssignedAt < ask.To)
            .GroupBy(one => new { one.AgentId, one.Status }).Select(group => new { group.Key.AgentId, group.Key.Status, Count = group.Count() }).ToListAsync(cancellationToken)).ToLookup(row => row.AgentId);
        var readings = (await db.OfReadings().VisibleTo(db, caller).Where(reading => reading.AgentId != null && reading.ReadingAt >= ask.From && reading.ReadingAt < ask.To)
            .GroupBy(reading => new { reading.AgentId, reading.State, IsVerified = reading.VerifiedAt != null }).Select(group => new { group.Key.AgentId, group.Key.State, group.Key.IsVerified, Count = group.Count() }).ToListAsync(cancellationToken)).ToLookup(row => row.AgentId);
        var skips = (await db.Set<Skip>().VisibleTo(db, caller).Where(skip => skip.AgentId != null && skip.SkippedAt >= ask.From && skip.SkippedAt < ask.To)
            .GroupBy(skip => skip.AgentId).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken)).ToDictionary(row => row.Key!.Value, row => row.Count);
        var scores = await db.Set<Visit>().VisibleTo(db, caller).Where(visit => visit.At >= ask.From && visit.At < ask.To).GroupBy(visit => visit.AgentId).Select(group => new { group.Key, Mean = group.Average(visit => (double)visit.Score) }).ToDictionaryAsync(row => row.Key, row => row.Mean, cancellationToken);
        return new Report(
            Columns,
            Linked,
            [.. ids.Take(Report.MostRows).Select(id =>
            {
                int Work(AssignmentStatus status) => work[id].Where(row => row.Status == status).Sum(row => row.Count);
                int Read(ReadingState state) => readings[id].Where(row => row.State == state).Sum(row => row.Count);
                var (completed, overdue) = (Work(AssignmentStatus.Completed), Work(AssignmentStatus.Overdue));
                return new ReportRow(
                    id.Value, called.GetValueOrDefault(id, ""), work[id].Sum(row => row.Count), completed, overdue, completed + overdue == 0 ? null : Math.Round(100.0 * completed / (completed + overdue), 1),
                    readings[id].Sum(row => row.Count), Read(ReadingState.Held), Read(ReadingState.Rejected), readings[id].Where(row => row.IsVerified).Sum(row => row.Count), skips.GetValueOrDefault(id),
                    scores.TryGetValue(id, out var score) ? Math.Round(score, 1) : null).At(
                    ("assigned", $"/api/v1/assignments?agent_id={id.Value}{ask.Period}"), ("completed", $"/api/v1/assignments?agent_id={id.Value}&status=completed{ask.Period}"), ("overdue", $"/api/v1/assignments?agent_id={id.Value}&status=overdue{ask.Period}"),
                    ("readings", $"/api/v1/readings?agent_id={id.Value}{ask.Period}"), ("held", $"/api/v1/readings?agent_id={id.Value}&state=held{ask.Period}"), ("rejected", $"/api/v1/readings?agent_id={id.Value}&state=rejected{ask.Period}"),
                    ("verified", $"/api/v1/readings?agent_id={id.Value}&verified=true{ask.Period}"), ("skips", $"/api/v1/skips?agent_id={id.Value}{ask.Period}"), ("visit_score", $"/api/v1/visits?agent_id={id.Value}{ask.Period}"));
            })],
            ids.Count > Report.MostRows);
    }
}
