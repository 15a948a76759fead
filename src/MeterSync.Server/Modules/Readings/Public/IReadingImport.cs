using System.Text.Json.Serialization;
using MeterSync.Kernel.Tabular;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Brings in historic readings, judged in order of time together with what is stored. Row problems are found before the first row is written.
/// Writing commits meter by meter in chunks, so that others can work meanwhile; chunks written before it is stopped stay, and the same job goes on from there.
/// Holds its own transactions: call it outside of one, with a caller known.</summary>
internal interface IReadingImport : ITableImport<ReadingImportResult>;

/// <summary>What an import did, or would do. Counts are register values unless they say otherwise; all but rows and refused are 0 where the file was refused.</summary>
/// <param name="Applied">Whether anything may have changed: false for a dry run and for a file refused.</param>
/// <param name="DryRun">Whether it was a dry run; its counts are those the real run would have.</param>
/// <param name="Rows">Rows of the file that are not blank.</param>
/// <param name="Created">Values made.</param>
/// <param name="Readings">Visits they belong to: values of one meter at one instant.</param>
/// <param name="Accepted">Made and accepted.</param>
/// <param name="Held">Made and held for a person.</param>
/// <param name="Unchanged">Stored already, or twice in the file, with the same value.</param>
/// <param name="Refused">Rows with problems.</param>
/// <param name="Remeasured">Stored values whose use was counted again.</param>
/// <param name="VoidedEstimates">Stored estimates that a value of the file contradicts.</param>
/// <param name="HeldByRule">Held values by the rule that held them; a value counts once for each.</param>
/// <param name="FlaggedByRule">Values a rule flagged, by rule.</param>
/// <param name="ProblemsTotal">All problems; <paramref name="Problems"/> has the first 1,000.</param>
/// <param name="Problems">By row.</param>
/// <param name="IgnoredColumns">Headings nobody knows.</param>
/// <param name="Assumptions">What was taken for granted about the file.</param>
/// <param name="BatchId">The import as it can be undone; null where nothing was applied.</param>
internal sealed record ReadingImportResult(
    bool Applied,
    bool DryRun,
    int Rows,
    int Created,
    int Readings,
    int Accepted,
    int Held,
    int Unchanged,
    int Refused,
    int Remeasured,
    int VoidedEstimates,
    IReadOnlyDictionary<string, int> HeldByRule,
    IReadOnlyDictionary<string, int> FlaggedByRule,
    int ProblemsTotal,
    IReadOnlyList<RowProblem> Problems,
    IReadOnlyList<string> IgnoredColumns,
    IReadOnlyList<TableNote> Assumptions,
    Guid? BatchId) : IImportResult
{
    /// <inheritdoc/>
    [JsonIgnore]
    public ImportFindings? Findings { get; init; }
}
