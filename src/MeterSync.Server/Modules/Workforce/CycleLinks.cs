using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce;

/// <summary>Where the rows behind the numbers of a read cycle are listed.</summary>
internal static class CycleLinks
{
    public static string Meters(ReadCycleId cycle, CycleOutcome? outcome = null) =>
        $"/api/v1/read-cycles/{cycle.Value}/meters{(outcome is { } word ? $"?outcome={Terms<CycleOutcome>.WordOf(word)}" : "")}";

    public static string Skips(ReadCycleId cycle, SkipCode code) => $"/api/v1/skips?cycle_id={cycle.Value}&code={Terms<SkipCode>.WordOf(code)}";

    /// <summary>By the name of the number.</summary>
    /// <param name="today">From when on completed work counts as done today.</param>
    public static Dictionary<string, string> OfAgent(ReadCycleId cycle, UserId agent, DateTimeOffset today)
    {
        var work = $"/api/v1/assignments?cycle_id={cycle.Value}&agent_id={agent.Value}&status=";
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["given"] = work + WorkStatus.Given,
            ["done"] = work + Terms<AssignmentStatus>.WordOf(AssignmentStatus.Completed),
            ["open"] = work + WorkStatus.Open,
            ["overdue"] = work + Terms<AssignmentStatus>.WordOf(AssignmentStatus.Overdue),
            ["done_today"] = $"{work}{Terms<AssignmentStatus>.WordOf(AssignmentStatus.Completed)}&completed_from={ReportAsk.Instant(today)}",
        };
    }
}
