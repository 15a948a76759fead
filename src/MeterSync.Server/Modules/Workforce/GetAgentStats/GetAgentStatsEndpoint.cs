using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.GetAgentStats;

internal sealed record GetAgentStatsRequest
{
    /// <summary>First local day; thirty days ago where left out.</summary>
    [FromQuery(Name = "start_date")]
    public string? StartDate { get; init; }

    /// <summary>Last local day, included; today where left out.</summary>
    [FromQuery(Name = "end_date")]
    public string? EndDate { get; init; }
}

/// <param name="CompletionRate">Completed of all that ended or should have, in percent; null where nothing did.</param>
/// <param name="MinutesPerReading">Median time between one reading and the next within two hours; null with fewer than two.</param>
/// <param name="VisitScore">Mean proof of visit; null without readings in the field.</param>
internal sealed record AgentStatsView(
    Guid AgentId,
    DateTimeOffset From,
    DateTimeOffset To,
    int CurrentLoad,
    int MaxLoad,
    int Assigned,
    int Completed,
    int Cancelled,
    int Overdue,
    int Pending,
    double? CompletionRate,
    int Readings,
    int HeldReadings,
    int RejectedReadings,
    int Skips,
    double? MinutesPerReading,
    double? VisitScore);

internal static class GetAgentStatsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents/{id:guid}/stats", async (Guid id, [AsParameters] GetAgentStatsRequest request, GetAgentStatsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, cancellationToken)).ToAnswer())
            .Slice<AgentStatsView>("GetAgentStats", "What an agent did in a time, counted").RequirePermission(WorkforcePermissions.ReadAgents);
}

internal sealed class GetAgentStatsHandler(MeterSyncDb db, AgentViews views, LocalDays days, TimeProvider clock)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    private const int MostGaps = 20_000;

    public async Task<Outcome<AgentStatsView>> HandleAsync(UserId id, GetAgentStatsRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var start = request.StartDate is { } first ? days.Start("start_date", first) : now - Usual;
        var end = request.EndDate is { } last ? days.EndOfDay("end_date", last) : now;
        if (!start.Succeeded || !end.Succeeded)
        {
            return (start.Problem ?? end.Problem)!;
        }

        if (await views.FindAsync(id, cancellationToken) is not { } agent)
        {
            return WorkforceProblems.AgentNotFound.Because("There is no such agent.");
        }

        var (from, to) = (start.Value, end.Value);
        var work = await db.Set<Assignment>().Where(one => one.AgentId == id && one.AssignedAt >= from && one.AssignedAt < to).GroupBy(one => one.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var readings = db.OfReadings().Where(reading => reading.AgentId == id && reading.ReadingAt >= from && reading.ReadingAt < to);
        var states = await readings.GroupBy(reading => reading.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var instants = await readings.OrderBy(reading => reading.ReadingAt).Select(reading => reading.ReadingAt).Take(MostGaps).ToListAsync(cancellationToken);
        var skips = await db.Set<Skip>().CountAsync(skip => skip.AgentId == id && skip.SkippedAt >= from && skip.SkippedAt < to, cancellationToken);
        var score = await db.Set<Visit>().Where(visit => visit.AgentId == id && visit.At >= from && visit.At < to).Select(visit => (double?)visit.Score).AverageAsync(cancellationToken);
        var (completed, overdue, cancelled) = (work.GetValueOrDefault(AssignmentStatus.Completed), work.GetValueOrDefault(AssignmentStatus.Overdue), work.GetValueOrDefault(AssignmentStatus.Cancelled));
        return new AgentStatsView(
            id.Value,
            from,
            to,
            agent.CurrentLoad,
            agent.MaxLoad,
            work.Values.Sum(),
            completed,
            cancelled,
            overdue,
            work.GetValueOrDefault(AssignmentStatus.Pending) + work.GetValueOrDefault(AssignmentStatus.InProgress),
            completed + overdue == 0 ? null : Math.Round(100.0 * completed / (completed + overdue), 1),
            states.Values.Sum(),
            states.GetValueOrDefault(ReadingState.Held),
            states.GetValueOrDefault(ReadingState.Rejected),
            skips,
            Pace.MedianMinutes(instants),
            score is { } mean ? Math.Round(mean, 1) : null);
    }
}
