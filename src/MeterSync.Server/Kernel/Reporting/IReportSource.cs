using MeterSync.Kernel.Tabular;

namespace MeterSync.Kernel.Reporting;

/// <summary>A report that a module can make of what it keeps, as far as the caller sees it.</summary>
public interface IReportSource
{
    /// <summary>Snake case; part of the path, and the type of its export.</summary>
    string Name { get; }

    /// <summary>What it shows, in one sentence.</summary>
    string Meaning { get; }

    /// <summary>Which of the filters it counts by. One that it does not is refused before it is asked: it would answer for everybody.</summary>
    ReportFilters Filters { get; }

    Task<Outcome<Report>> MakeAsync(ReportAsk ask, CancellationToken cancellationToken);
}

/// <summary>Filters that not every report has.</summary>
[Flags]
public enum ReportFilters
{
    None = 0,
    Cycle = 1,
    Agent = 2,
}

/// <summary>What is asked of a report.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="CycleId">Only what belongs to the read cycle; null for any. Some reports need one.</param>
/// <param name="AgentId">Only what one agent did; null for any.</param>
public sealed record ReportAsk(DateTimeOffset From, DateTimeOffset To, Guid? CycleId, Guid? AgentId)
{
    /// <summary>The period as list filters take it, with an ampersand in front.</summary>
    public string Period => Between("from", "to");

    /// <summary>The period under other names, to the microsecond: a list must show exactly what was counted.</summary>
    public string Between(string from, string to) => $"&{from}={Instant(From)}&{to}={Instant(To)}";

    /// <summary>As part of a query string.</summary>
    public static string Instant(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A report made.</summary>
/// <param name="Columns">In order.</param>
/// <param name="Linked">Names of the columns that rows may have links for, in order.</param>
/// <param name="Rows">In order.</param>
/// <param name="IsCut">There are more rows than a report shows.</param>
public sealed record Report(IReadOnlyList<SinkColumn> Columns, IReadOnlyList<string> Linked, IReadOnlyList<ReportRow> Rows, bool IsCut = false)
{
    /// <summary>The most rows of a report.</summary>
    public const int MostRows = 10_000;
}

/// <param name="Cells">One for each column: text, a whole or exact number, a double, an instant, an id, yes or no, or null.</param>
/// <param name="Links">Column to the path of the list that shows what was counted there.</param>
public sealed record ReportRow(IReadOnlyList<object?> Cells, IReadOnlyDictionary<string, string> Links)
{
    private static readonly Dictionary<string, string> None = [];

    public ReportRow(params object?[] cells)
        : this(cells, None)
    {
    }

    public ReportRow At(params (string Column, string Path)[] links) => this with { Links = links.ToDictionary(link => link.Column, link => link.Path, StringComparer.Ordinal) };
}
