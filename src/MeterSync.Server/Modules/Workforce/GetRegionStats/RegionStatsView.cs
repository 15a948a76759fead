using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Metering;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.GetRegionStats;

/// <param name="ByStatus">Every status, also those no meter has.</param>
/// <param name="ByType">Every type likewise.</param>
internal sealed record RegionMetersView(int Total, IReadOnlyDictionary<string, int> ByStatus, IReadOnlyDictionary<string, int> ByType);

/// <param name="Total">Who get work.</param>
/// <param name="ByStatus">Every status.</param>
internal sealed record RegionAgentsView(int Total, IReadOnlyDictionary<string, int> ByStatus);

/// <param name="Open">Pending, in progress and overdue, now.</param>
/// <param name="Completed">In the period.</param>
internal sealed record RegionWorkView(int Open, int Pending, int InProgress, int Overdue, int Completed);

/// <summary>Readings taken in the period, by their state now.</summary>
internal sealed record RegionReadingsView(int Accepted, int Held, int Rejected);

/// <param name="Code">A skip code.</param>
internal sealed record RegionSkipsView(SkipCode Code, int Count);

/// <param name="Active">Active meters of the region.</param>
/// <param name="Read">Those with an accepted reading of the period that nobody estimated.</param>
/// <param name="Percent">Read of active; null without active meters.</param>
internal sealed record RegionCoverageView(int Active, int Read, double? Percent);

/// <summary>A region in numbers, of what the caller sees: meters, agents and open work as they are now, the rest of the period.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Links">Where the rows behind a number are listed, by the number's place in this answer; a number whose rows no list gives has none.</param>
internal sealed record RegionStatsView(
    Guid RegionId,
    string Name,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset AsOf,
    RegionMetersView Meters,
    RegionAgentsView Agents,
    RegionWorkView Assignments,
    RegionReadingsView Readings,
    IReadOnlyList<RegionSkipsView> SkipsByCode,
    RegionCoverageView Coverage,
    IReadOnlyDictionary<string, string> Links);

internal static class RegionLinks
{
    public static Dictionary<string, string> Of(RegionId region, DateTimeOffset from, DateTimeOffset to)
    {
        var here = $"region_id={region.Value}";
        var ask = new ReportAsk(from, to, null, null);
        var links = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["meters.total"] = $"/api/v1/meters?{here}",
            ["agents.total"] = $"/api/v1/agents?{here}",
            ["assignments.open"] = $"/api/v1/assignments?{here}&status={WorkStatus.Open}",
            ["assignments.completed"] = $"/api/v1/assignments?{here}&status=completed{ask.Between("completed_from", "completed_to")}",
            ["coverage.active"] = $"/api/v1/meters?{here}&status=active",
        };
        foreach (var status in Terms<MeterStatus>.All)
        {
            links[$"meters.by_status.{status}"] = $"/api/v1/meters?{here}&status={status}";
        }

        foreach (var type in Terms<MeterType>.All)
        {
            links[$"meters.by_type.{type}"] = $"/api/v1/meters?{here}&meter_type={type}";
        }

        foreach (var status in Terms<AgentStatus>.All)
        {
            links[$"agents.by_status.{status}"] = $"/api/v1/agents?{here}&status={status}";
        }

        foreach (var status in Transitions.Open.Select(Terms<AssignmentStatus>.WordOf))
        {
            links[$"assignments.{status}"] = $"/api/v1/assignments?{here}&status={status}";
        }

        foreach (var state in new[] { ReadingState.Accepted, ReadingState.Held, ReadingState.Rejected }.Select(Terms<ReadingState>.WordOf))
        {
            links[$"readings.{state}"] = $"/api/v1/readings?{here}&state={state}{ask.Period}";
        }

        foreach (var code in Terms<SkipCode>.All)
        {
            links[$"skips_by_code.{code}"] = $"/api/v1/skips?{here}&code={code}{ask.Period}";
        }

        return links;
    }
}
