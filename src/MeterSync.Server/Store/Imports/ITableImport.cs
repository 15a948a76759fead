using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;

namespace MeterSync.Store.Imports;

/// <summary>Brings one kind of table in.</summary>
internal interface ITableImport<TResult>
    where TResult : class, IImportResult
{
    /// <summary>Reads a table and, unless it is a dry run, brings it in, in transactions of its own.
    /// Rows with problems are no failure: they are in the result, and without <see cref="ImportSettings.Partial"/> nothing is imported then.</summary>
    /// <param name="table">A text table or a workbook as docs/import-files.md says. Must be seekable; read from its beginning, left open.</param>
    /// <param name="fileName">For the record of the import.</param>
    /// <param name="settings">What was said about the file.</param>
    /// <param name="job">The work it belongs to: the same id imports once, and answers with the counts of the first time after that.</param>
    /// <param name="report">Told percent done (0-100) and a line for people.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<Outcome<TResult>> RunAsync(Stream table, string fileName, ImportSettings settings, JobId job, Action<double, string> report, CancellationToken cancellationToken);
}

/// <summary>What every import has to say, whatever it brings in.</summary>
internal interface IImportResult
{
    /// <summary>Whether anything may have changed: false for a dry run and for a file refused.</summary>
    bool Applied { get; }

    /// <summary>What a file with the problems beside the rows is made of; null where the table could not be read to its end, or there are no problems.</summary>
    ImportFindings? Findings { get; }
}

/// <summary>The problems of a table's rows.</summary>
/// <param name="Problems">By row; at most <see cref="Kept"/>.</param>
/// <param name="Sheet">The sheet that was read; null for a text file.</param>
/// <param name="HeaderRow">The row of the headings.</param>
internal sealed record ImportFindings(IReadOnlyList<RowProblem> Problems, string? Sheet, int HeaderRow)
{
    /// <summary>The most problems kept in words.</summary>
    public const int Kept = 50_000;

    /// <summary>The most problems that a job's result lists.</summary>
    public const int Listed = 1_000;

    public static ImportFindings? Of(TableReader reader, IReadOnlyList<RowProblem> byRow) =>
        reader.Stopped || byRow.All(problem => problem.Row <= reader.Findings.HeaderRow) ? null : new ImportFindings(byRow, reader.Findings.Sheet, reader.Findings.HeaderRow);
}
