using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.GetCycleProgress;

/// <param name="Percent">Read, held and estimated of all.</param>
internal sealed record ProgressCountView(int Total, int Read, int Held, int Estimated, int Skipped, int Assigned, int Unassigned, double Percent);

/// <param name="Code">A skip code.</param>
internal sealed record SkipCountView(SkipCode Code, int Count);

/// <param name="DoneToday">Completed in the last twelve hours.</param>
/// <param name="PerHour">Completed an hour over those; null before the second one, and where they came in all at once.</param>
/// <param name="ExpectedEnd">When the agent is through at that pace, working eight hours a day; null where the pace is not known or nothing is left.</param>
/// <param name="WillFinish">Whether that is before the window ends; null where it is not known.</param>
/// <param name="Links">Where the rows behind each number are listed, by its name.</param>
internal sealed record AgentProgressView(Guid AgentId, string Name, int Given, int Done, int Open, int Overdue, int DoneToday, double? PerHour, DateTimeOffset? ExpectedEnd, bool? WillFinish, IReadOnlyDictionary<string, string> Links);

/// <param name="Links">Where the rows behind each number are listed, by the number's place in this answer; those of an agent's numbers stand beside them.</param>
internal sealed record CycleProgressView(ReadCycleView Cycle, DateTimeOffset AsOf, ProgressCountView Meters, IReadOnlyList<SkipCountView> SkipsByCode, IReadOnlyList<AgentProgressView> Agents, IReadOnlyDictionary<string, string> Links);

internal static class GetCycleProgressEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/read-cycles/{id:guid}/progress", async (Guid id, GetCycleProgressHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), cancellationToken)).ToAnswer())
            .Slice<CycleProgressView>("GetCycleProgress", "How far a cycle is, who will not finish, and what was skipped").RequirePermission(WorkforcePermissions.ReadCycles);
}

internal sealed class GetCycleProgressHandler(MeterSyncDb db, CycleBook book, CycleCounts counts, IPersonNames names, CallerAccessor callers, TimeProvider clock)
{
    private static readonly TimeSpan Today = TimeSpan.FromHours(12);
    private const double HoursPerDay = 8;

    /// <summary>Faster than anybody walks: a phone that was offline sent its day at once.</summary>
    private const double FastestPerHour = 180;

    public async Task<Outcome<CycleProgressView>> HandleAsync(ReadCycleId id, CancellationToken cancellationToken)
    {
        var found = await book.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (cycle, now) = (found.Value, clock.GetUtcNow().ToStored());
        var count = cycle.Status == CycleStatus.Planned ? new CycleCount(0, 0, 0, 0, 0, 0) : await counts.CountAsync(cycle, cancellationToken);
        var skips = await db.Set<Skip>().VisibleTo(db, callers.Caller).Where(skip => skip.CycleId == id).GroupBy(skip => skip.Code).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return new CycleProgressView(
            ReadCycleView.Of(cycle),
            now,
            new ProgressCountView(count.Total, count.Read, count.Held, count.Estimated, count.Skipped, count.Assigned, count.Unassigned, count.Total == 0 ? 0 : Math.Round(100.0 * (count.Total - count.Missing) / count.Total, 1)),
            [.. skips.OrderByDescending(row => row.Count).Select(row => new SkipCountView(row.Key, row.Count))],
            await AgentsAsync(cycle, now, cancellationToken),
            LinksOf(id, skips.Select(row => row.Key)));
    }

    private async Task<IReadOnlyList<AgentProgressView>> AgentsAsync(ReadCycle cycle, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var work = db.Set<Assignment>().VisibleTo(db, callers.Caller).Where(one => one.CycleId == cycle.Id);
        var since = now - Today;
        var rows = await work.GroupBy(one => new { one.AgentId, one.Status }).Select(group => new
        {
            group.Key.AgentId,
            group.Key.Status,
            Count = group.Count(),
            Today = group.Count(one => one.CompletedAt >= since),
            First = group.Min(one => one.CompletedAt >= since ? one.CompletedAt : null),
            Last = group.Max(one => one.CompletedAt),
        }).ToListAsync(cancellationToken);
        var called = await names.FindAsync([.. rows.Select(row => row.AgentId).Distinct()], cancellationToken);
        return [.. rows.GroupBy(row => row.AgentId).Select(group =>
        {
            int Of(AssignmentStatus status) => group.Where(row => row.Status == status).Sum(row => row.Count);
            var (done, overdue) = (Of(AssignmentStatus.Completed), Of(AssignmentStatus.Overdue));
            var open = overdue + Of(AssignmentStatus.Pending) + Of(AssignmentStatus.InProgress);
            var pace = group.FirstOrDefault(row => row.Status == AssignmentStatus.Completed);
            var hours = pace is { Today: > 1, First: { } first, Last: { } last } ? (last - first).TotalHours : 0;
            double? perHour = hours > 0 && (pace!.Today - 1) / hours <= FastestPerHour ? Math.Round((pace.Today - 1) / hours, 1) : null;
            DateTimeOffset? end = perHour is > 0 && open > 0 ? now + TimeSpan.FromDays(Math.Min(3650, open / perHour.Value / HoursPerDay)) : null;
            return new AgentProgressView(group.Key.Value, called.GetValueOrDefault(group.Key, ""), done + open, done, open, overdue, pace?.Today ?? 0, perHour, end, open == 0 ? true : end is { } at ? at <= cycle.WindowTo : null, CycleLinks.OfAgent(cycle.Id, group.Key, since));
        }).OrderByDescending(agent => agent.Open).ThenBy(agent => agent.AgentId)];
    }

    private static Dictionary<string, string> LinksOf(ReadCycleId cycle, IEnumerable<SkipCode> codes)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal) { ["meters.total"] = CycleLinks.Meters(cycle) };
        foreach (var outcome in Enum.GetValues<CycleOutcome>())
        {
            links[$"meters.{Terms<CycleOutcome>.WordOf(outcome)}"] = CycleLinks.Meters(cycle, outcome);
        }

        foreach (var code in codes)
        {
            links[$"skips_by_code.{Terms<SkipCode>.WordOf(code)}"] = CycleLinks.Skips(cycle, code);
        }

        return links;
    }
}
