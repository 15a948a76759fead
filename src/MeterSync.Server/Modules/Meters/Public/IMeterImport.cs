using System.Text.Json.Serialization;
using MeterSync.Kernel.Tabular;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Brings in a list of meters, made and changed in one transaction. A problem is returned where the file as such could not be taken
/// (someone else made one of its meters meanwhile); nothing is imported when it is stopped.</summary>
internal interface IMeterImport : ITableImport<MeterImportResult>;

/// <summary>What an import did, or would do.</summary>
/// <param name="Applied">Whether anything may have changed: false for a dry run and for a file refused.</param>
/// <param name="DryRun">Whether it was a dry run; its counts are those the real run would have.</param>
/// <param name="Rows">Rows of the file that are not blank.</param>
/// <param name="Created">Meters made; 0 where the file was refused.</param>
/// <param name="Updated">Meters changed; 0 where the file was refused.</param>
/// <param name="Unchanged">Meters that were already as the file says; 0 where the file was refused.</param>
/// <param name="Refused">Rows with problems.</param>
/// <param name="ProblemsTotal">All problems; <paramref name="Problems"/> has the first 1,000.</param>
/// <param name="Problems">By row.</param>
/// <param name="IgnoredColumns">Headings nobody knows.</param>
/// <param name="Assumptions">What was taken for granted about the file.</param>
/// <param name="BatchId">The import as it can be undone; null where nothing was applied.</param>
internal sealed record MeterImportResult(
    bool Applied,
    bool DryRun,
    int Rows,
    int Created,
    int Updated,
    int Unchanged,
    int Refused,
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
