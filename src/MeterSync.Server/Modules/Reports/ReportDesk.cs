using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Modules.Reports;

/// <param name="Kind">word, words, number, date, instant, id or yes_no.</param>
internal sealed record ReportColumnView(string Name, SinkColumnKind Kind);

/// <param name="Values">By column.</param>
/// <param name="Links">Column to the path that lists what was counted there.</param>
internal sealed record ReportRowView(JsonObject Values, IReadOnlyDictionary<string, string> Links);

/// <summary>A report as the API shows one.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="AsOf">When it was counted.</param>
/// <param name="IsCut">There are more rows than a report shows.</param>
internal sealed record ReportView(string Report, string Meaning, DateTimeOffset From, DateTimeOffset To, DateTimeOffset AsOf, IReadOnlyList<ReportColumnView> Columns, IReadOnlyList<ReportRowView> Rows, bool IsCut);

/// <summary>Makes the reports that modules offer.</summary>
internal sealed class ReportDesk(IEnumerable<IReportSource> sources, LocalDays days, TimeProvider clock)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    public IReadOnlyList<IReportSource> All { get; } = [.. sources.OrderBy(source => source.Name, StringComparer.Ordinal)];

    public IReportSource Find(string name) => All.First(source => source.Name == name);

    /// <summary>The period asked for: local days, or the last thirty days.</summary>
    public Outcome<ReportAsk> Read(string? startDate, string? endDate, Guid? cycleId, Guid? agentId)
    {
        var now = clock.GetUtcNow().ToStored();
        var to = endDate is null ? now : days.EndOfDay("end_date", endDate);
        var from = !to.Succeeded ? to : startDate is null ? to.Value - Usual : days.Start("start_date", startDate);
        return !to.Succeeded ? to.Problem
            : !from.Succeeded ? from.Problem
            : from.Value >= to.Value ? KernelProblems.Invalid.For("end_date", "The period ends before it begins.")
            : new ReportAsk(from.Value, to.Value, cycleId, agentId);
    }

    /// <summary>The last thirty days where an end is left open.</summary>
    public ReportAsk Between(DateTimeOffset? from, DateTimeOffset? to, Guid? cycleId, Guid? agentId)
    {
        var end = to ?? clock.GetUtcNow().ToStored();
        return new ReportAsk(from ?? end - Usual, end, cycleId, agentId);
    }

    /// <summary>Refuses a filter that what is asked for has not.</summary>
    /// <param name="word">Name of the report, or of another table.</param>
    /// <param name="filters">Those it has.</param>
    public static Problem? Refuse(string word, ReportFilters filters, Guid? cycleId, Guid? agentId) =>
        cycleId is not null && !filters.HasFlag(ReportFilters.Cycle) ? KernelProblems.Invalid.For("cycle_id", $"{word} is not told by read cycle. Leave cycle_id out.")
        : agentId is not null && !filters.HasFlag(ReportFilters.Agent) ? KernelProblems.Invalid.For("agent_id", $"{word} is not told by agent. Leave agent_id out.")
        : null;

    public async Task<Outcome<ReportView>> ShowAsync(string name, ReportRequest request, CancellationToken cancellationToken)
    {
        var (source, read) = (Find(name), Read(request.StartDate, request.EndDate, request.CycleId, request.AgentId));
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        if (Refuse(name, source.Filters, request.CycleId, request.AgentId) is { } refusal)
        {
            return refusal;
        }

        var ask = read.Value;
        var made = await source.MakeAsync(ask, cancellationToken);
        return made.Succeeded
            ? new ReportView(
                source.Name,
                source.Meaning,
                ask.From,
                ask.To,
                clock.GetUtcNow().ToStored(),
                [.. made.Value.Columns.Select(column => new ReportColumnView(column.Name, column.Kind))],
                [.. made.Value.Rows.Select(row => new ReportRowView(ValuesOf(made.Value.Columns, row), row.Links))],
                made.Value.IsCut)
            : made.Problem;
    }

    private static JsonObject ValuesOf(IReadOnlyList<SinkColumn> columns, ReportRow row)
    {
        var values = new JsonObject();
        for (var index = 0; index < columns.Count; index++)
        {
            values[columns[index].Name] = row.Cells[index] switch
            {
                null => null,
                string text => JsonValue.Create(text),
                int number => JsonValue.Create(number),
                long number => JsonValue.Create(number),
                decimal number => JsonValue.Create(number),
                double number => JsonValue.Create(number),
                bool yes => JsonValue.Create(yes),
                Guid id => JsonValue.Create(id),
                DateTimeOffset at => JsonValue.Create(at),
                DateOnly day => JsonValue.Create(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                var other => throw new InvalidOperationException($"A report has a cell of the type {other.GetType().Name}."),
            };
        }

        return values;
    }
}
