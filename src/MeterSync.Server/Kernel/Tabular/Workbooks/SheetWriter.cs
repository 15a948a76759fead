using System.Globalization;
using System.IO.Packaging;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>
/// Writes a table as a workbook: a bold, frozen row of headings with a filter, numbers as numbers, times as dates (in UTC), and words as words, so that none can be run as a
/// formula. A table that is longer than a sheet goes on, with its headings, on the next one; a second <see cref="BeginAsync"/> begins another table. What is written goes
/// out at once. Cells are those of the sheet's own limits: words longer than 32,767 characters are cut, with … at their end.
/// </summary>
public sealed partial class SheetWriter : ITableSink
{
    /// <summary>Content type of what is written.</summary>
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const int MostRowsOfSheet = XlsxRows.MostRows;

    private readonly Package _package;
    private readonly int _rowsOfSheet;
    private readonly List<(string Name, string Relation)> _sheets = [];
    private IReadOnlyList<SinkColumn> _columns = [];
    private string[] _letters = [];
    private string _title = "";
    private int _part;
    private OpenXmlWriter? _xml;
    private Stream? _stream;
    private int _row;
    private int _cell;
    private string _rowText = "";

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="output">Need not be seekable.</param>
    /// <param name="rowsOfSheet">Rows after which another sheet begins, the headings included.</param>
    public SheetWriter(Stream output, int rowsOfSheet = MostRowsOfSheet)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsOfSheet, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowsOfSheet, MostRowsOfSheet);
        _rowsOfSheet = rowsOfSheet;
        // Opened to write only, the package sends each part on as it comes; SpreadsheetDocument wants to read too, and then keeps them whole in memory.
        _package = Package.Open(output, FileMode.Create, FileAccess.Write);
    }

    /// <inheritdoc/>
    public long RowsWritten { get; private set; }

    /// <inheritdoc/>
    public ValueTask BeginAsync(string title, IReadOnlyList<SinkColumn> columns, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        EndSheet();
        (_title, _columns, _part) = (title, columns, 0);
        _letters = [.. Enumerable.Range(0, columns.Count).Select(SheetParts.LettersOf)];
        BeginSheet();
        RowsWritten++;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask EndRowAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cell == 0)
        {
            BeginRow();
        }
        Xml.WriteEndElement();
        _cell = 0;
        RowsWritten++;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_sheets.Count == 0)
        {
            BeginSheet();
        }
        EndSheet();
        SheetParts.WriteWorkbook(_package, _sheets);
        _package.Close();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _xml?.Dispose();
        _stream?.Dispose();
        _package.Close();
        return ValueTask.CompletedTask;
    }

    private OpenXmlWriter Xml => _xml ?? throw new InvalidOperationException("A table begins with its headings.");

    private void BeginSheet()
    {
        _part++;
        var (name, number) = (SheetParts.NameOf(_title, _part, _sheets.ConvertAll(sheet => sheet.Name)), _sheets.Count + 1);
        var part = _package.CreatePart(new Uri(string.Create(CultureInfo.InvariantCulture, $"/xl/worksheets/sheet{number}.xml"), UriKind.Relative), SheetParts.SheetContentType, CompressionOption.SuperFast);
        _sheets.Add((name, string.Create(CultureInfo.InvariantCulture, $"rId{number}")));
        _stream = part.GetStream(FileMode.Create, FileAccess.Write);
        _xml = OpenXmlWriter.Create(_stream);
        _row = 0;
        _xml.WriteStartDocument();
        _xml.WriteStartElement(new Worksheet());
        SheetParts.WriteView(_xml, _columns, isFirst: number == 1);
        _xml.WriteStartElement(new SheetData());
        foreach (var column in _columns)
        {
            if (column.Name.Length == 0)
            {
                Blank();
                continue;
            }
            Words(column.Name, SheetParts.HeadingStyle);
        }
        if (_columns.Count > 0)
        {
            _xml.WriteEndElement();
        }
        _cell = 0;
    }

    private void EndSheet()
    {
        if (_xml is null)
        {
            return;
        }
        _xml.WriteEndElement();
        if (_columns.Count > 0)
        {
            _xml.WriteElement(new AutoFilter { Reference = string.Create(CultureInfo.InvariantCulture, $"A1:{_letters[^1]}{_row}") });
        }
        _xml.WriteEndElement();
        _xml.Dispose();
        _stream!.Dispose();
        (_xml, _stream) = (null, null);
    }

    private void BeginRow()
    {
        if (_row >= _rowsOfSheet)
        {
            EndSheet();
            BeginSheet();
        }
        _row++;
        _rowText = _row.ToString(CultureInfo.InvariantCulture);
        StartRow();
    }
}
