using System.Globalization;
using System.IO.Packaging;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>
/// Writes a table as a workbook: a bold, frozen row of headings with a filter, numbers as numbers, times as dates (in UTC), and words as words, so that none can be run as a
/// formula. A table that is longer than a sheet goes on, with its headings, on the next one; a second <see cref="BeginAsync"/> begins another table. What is written goes
/// out soon. Cells are those of the sheet's own limits: words longer than 32,767 characters are cut, with … at their end.
/// </summary>
public sealed partial class SheetWriter : IPictureSink
{
    /// <summary>Content type of what is written.</summary>
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const int MostRowsOfSheet = XlsxRows.MostRows;

    private readonly Package _package;
    private readonly int _rowsOfSheet;
    private readonly SheetPictures? _pictures;
    private readonly List<(string Name, string Relation)> _sheets = [];
    private IReadOnlyList<SinkColumn> _columns = [];
    private byte[][] _letters = [];
    private string _title = "";
    private int _part;
    private (int Column, TablePicture Picture)? _next;
    private PackagePart? _sheet;
    private SheetXml? _xml;
    private Stream? _stream;
    private int _row;
    private int _cell;

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="output">Need not be seekable.</param>
    /// <param name="rowsOfSheet">Rows after which another sheet begins, the headings included.</param>
    /// <param name="picturesFile">Where pictures wait until their sheet is written; null for a table without any. Deleted in the end.</param>
    public SheetWriter(Stream output, int rowsOfSheet = MostRowsOfSheet, string? picturesFile = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsOfSheet, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowsOfSheet, MostRowsOfSheet);
        _rowsOfSheet = rowsOfSheet;
        _pictures = picturesFile is null ? null : new SheetPictures(picturesFile);
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
    public void PictureOfNextRow(int column, TablePicture picture)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentNullException.ThrowIfNull(picture);
        if (_pictures is null || _cell > 0 || _next is not null)
        {
            throw new InvalidOperationException("A picture comes before the cells of its row, one a row, into a workbook that was begun with a place for them.");
        }
        _next = (column, picture);
    }

    /// <inheritdoc/>
    public ValueTask EndRowAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cell == 0)
        {
            BeginRow();
        }
        Xml.Markup("</row>"u8);
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
        _pictures?.Dispose();
        _package.Close();
        return ValueTask.CompletedTask;
    }

    private SheetXml Xml => _xml ?? throw new InvalidOperationException("A table begins with its headings.");

    private void BeginSheet()
    {
        _part++;
        var (name, number) = (SheetParts.NameOf(_title, _part, _sheets.ConvertAll(sheet => sheet.Name)), _sheets.Count + 1);
        var part = _package.CreatePart(new Uri(string.Create(CultureInfo.InvariantCulture, $"/xl/worksheets/sheet{number}.xml"), UriKind.Relative), SheetParts.SheetContentType, CompressionOption.SuperFast);
        _sheets.Add((name, string.Create(CultureInfo.InvariantCulture, $"rId{number}")));
        _sheet = part;
        _stream = part.GetStream(FileMode.Create, FileAccess.Write);
        _xml = new SheetXml(_stream);
        _row = 0;
        SheetParts.WriteHead(_xml, _columns, isFirst: number == 1);
        foreach (var column in _columns)
        {
            Heading(column.Name);
        }
        if (_columns.Count > 0)
        {
            _xml.Markup("</row>"u8);
        }
        _cell = 0;
    }

    private void EndSheet()
    {
        if (_xml is null)
        {
            return;
        }
        _xml.Markup("</sheetData>"u8);
        if (_columns.Count > 0)
        {
            _xml.Markup("<autoFilter ref=\"A1:"u8);
            _xml.Markup(_letters[^1]);
            _xml.Value(_row);
            _xml.Markup("\"/>"u8);
        }
        var hasPictures = _pictures is { Count: > 0 };
        _xml.Markup(hasPictures ? "<drawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"rId1\"/></worksheet>"u8 : "</worksheet>"u8);
        _xml.Flush();
        _xml.Dispose();
        _stream!.Dispose();
        (_xml, _stream) = (null, null);
        if (hasPictures)
        {
            _pictures!.Write(_package, _sheet!, "rId1");
        }
    }

    private void BeginRow()
    {
        if (_row >= _rowsOfSheet)
        {
            EndSheet();
            BeginSheet();
        }
        _row++;
        Xml.Markup("<row r=\""u8);
        Xml.Value(_row);
        if (_next is { } picture)
        {
            _pictures!.Add(_row, picture.Column, picture.Picture);
            _next = null;
            Xml.Markup("\" ht=\""u8);
            Xml.Value(SheetPictures.RowPoints);
            Xml.Markup("\" customHeight=\"1"u8);
        }
        Xml.Markup("\">"u8);
    }
}
