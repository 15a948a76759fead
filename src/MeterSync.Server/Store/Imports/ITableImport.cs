using MeterSync.Kernel;

namespace MeterSync.Store.Imports;

/// <summary>Brings one kind of table in.</summary>
internal interface ITableImport<TResult>
    where TResult : class, IImportResult
{
    /// <summary>Reads a table and, unless it is a dry run, brings it in, in transactions of its own.
    /// Rows with problems are no failure: they are in the result, and without <see cref="ImportSettings.Partial"/> nothing is imported then.</summary>
    /// <param name="csv">A text table as docs/import-files.md says. Must be seekable; read from where it stands, left open.</param>
    /// <param name="fileName">For the record of the import.</param>
    /// <param name="settings">What was said about the file.</param>
    /// <param name="job">The work it belongs to: the same id imports once, and answers with the counts of the first time after that.</param>
    /// <param name="report">Told percent done (0-100) and a line for people.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<Outcome<TResult>> RunAsync(Stream csv, string fileName, ImportSettings settings, JobId job, Action<double, string> report, CancellationToken cancellationToken);
}

/// <summary>What every import has to say, whatever it brings in.</summary>
internal interface IImportResult
{
    /// <summary>Whether anything may have changed: false for a dry run and for a file refused.</summary>
    bool Applied { get; }
}
