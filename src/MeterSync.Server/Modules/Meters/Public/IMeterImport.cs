using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Brings in a list of meters.</summary>
internal interface IMeterImport
{
    /// <summary>Reads a table of meters and, unless it is a dry run, makes and changes them in one transaction of its own.
    /// Rows with problems are no failure: they are in the result, and without <see cref="MeterImportSettings.Partial"/> nothing is imported then.
    /// A problem is returned where the file as such could not be taken (someone else made one of its meters meanwhile).</summary>
    /// <param name="csv">A text table as docs/meters.md says. Must be seekable; read from where it stands, left open.</param>
    /// <param name="fileName">For the record of the import.</param>
    /// <param name="settings">What was said about the file.</param>
    /// <param name="job">The work it belongs to: the same id imports once, and answers with the counts of the first time after that.</param>
    /// <param name="report">Told percent done (0-100) and a line for people.</param>
    /// <param name="cancellationToken">Stops; nothing is imported then.</param>
    Task<Outcome<MeterImportResult>> RunAsync(Stream csv, string fileName, MeterImportSettings settings, JobId job, Action<double, string> report, CancellationToken cancellationToken);
}

/// <summary>What a person said about a file of meters.</summary>
internal sealed record MeterImportSettings
{
    /// <summary>Say what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Import the good rows even where others have problems. A file that could not be read to its end is refused all the same.</summary>
    public bool Partial { get; init; }

    /// <summary>Encoding name; null finds out.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between cells; null finds out.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Null finds out.</summary>
    public DecimalSign? DecimalSign { get; init; }

    /// <summary>Null finds out.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>IANA zone of times without an offset; null is UTC.</summary>
    public string? TimeZone { get; init; }
}

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
    Guid? BatchId);
