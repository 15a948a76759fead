using MeterSync.Kernel.Tabular.Workbooks;

namespace MeterSync.Kernel.Tabular;

/// <summary>Opens the rows of an uploaded table, whatever kind of file it is. Its bytes tell the kind; its name tells nothing.</summary>
public static class TableFile
{
    private const int HeadBytes = 8;

    /// <summary>Looks at a file. What is wrong with it is in <see cref="ITableRows.Fault"/>, and then there are no rows.</summary>
    /// <param name="file">Seekable; read from its beginning. Left open.</param>
    /// <param name="options">What a person said about the file.</param>
    /// <param name="isHeader">Whether rows stand at the headings looked for; a workbook's sheet is chosen by it.</param>
    public static async ValueTask<ITableRows> OpenAsync(Stream file, TableReadOptions options, Func<ITableRows, bool> isHeader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(isHeader);
        var head = new byte[HeadBytes];
        file.Position = 0;
        var count = await file.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        if (FileSignatures.IsZip(head.AsSpan(0, count)))
        {
            return XlsxRows.Open(file, options, isHeader, leaveOpen: true);
        }
        return FileSignatures.IsCompoundDocument(head.AsSpan(0, count))
            ? XlsRows.Open(file, options, isHeader, leaveOpen: true)
            : await CsvRows.OpenAsync(file, options, leaveOpen: true, cancellationToken);
    }
}
