using System.Globalization;
using System.Xml;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>
/// Rows of one sheet of an .xlsx workbook. Goes once through the sheet's XML and holds one row; only the workbook's shared words and styles are kept.
/// Rows without a filled cell are passed over. Hidden rows and columns are read like others.
/// </summary>
internal sealed class XlsxRows : ITableRows
{
    /// <summary>The most rows a sheet has.</summary>
    public const int MostRows = 1_048_576;

    private readonly Stream _file;
    private readonly bool _leaveOpen;
    private readonly SheetRow _row;
    private readonly TableLimits _limits;
    private readonly List<TableNote> _notes = [];
    private RowFault? _stop;
    private WorkbookParts? _parts;
    private SheetCells? _cells;
    private WorkbookXml? _xml;
    private bool _waits;

    private XlsxRows(Stream file, TableLimits limits, bool leaveOpen)
    {
        (_file, _limits, _leaveOpen) = (file, limits, leaveOpen);
        _row = new SheetRow(limits);
    }

    /// <inheritdoc/>
    public int Row { get; private set; }

    /// <inheritdoc/>
    public long Line => Row;

    /// <inheritdoc/>
    public int CellCount => _row.CellCount;

    /// <inheritdoc/>
    public RowFault? Fault => _stop ?? _row.Fault;

    /// <inheritdoc/>
    public IReadOnlyList<TableNote> Notes => _notes;

    /// <inheritdoc/>
    public bool? CountsFrom1904 => _parts?.CountsFrom1904;

    /// <inheritdoc/>
    public string? Sheet { get; private set; }

    /// <summary>Looks at a workbook and chooses its sheet. What is wrong with it is in <see cref="Fault"/>, and then there are no rows.</summary>
    /// <param name="file">Seekable; read from its beginning.</param>
    /// <param name="isHeader">Whether the rows stand at the headings that are looked for.</param>
    public static XlsxRows Open(Stream file, TableReadOptions options, Func<ITableRows, bool> isHeader, bool leaveOpen)
    {
        var rows = new XlsxRows(file, options.Limits, leaveOpen);
        rows.Try(() =>
        {
            rows._parts = WorkbookParts.Open(file, options.Limits);
            rows._cells = new SheetCells(rows._parts, options.Limits);
            rows.Choose(options.Sheet, isHeader);
            return true;
        });
        return rows;
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_waits)
        {
            _waits = false;
            return new(true);
        }
        return new(_xml is not null && _stop is null && Try(Next));
    }

    /// <inheritdoc/>
    public ReadOnlySpan<char> Cell(int index) => _row.Cell(index);

    /// <inheritdoc/>
    public CellForm Form(int index) => _row.Form(index);

    /// <inheritdoc/>
    public ValueTask<string?> FindMergedAsync(int row, CancellationToken cancellationToken)
    {
        string? found = null;
        if (_xml is not null && _stop is null)
        {
            Try(() => (found = MergedRanges.FindIn(_xml, row)) is not null);
            _stop = null;
            Close();
        }
        return new(found);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close();
        _row.Dispose();
        _parts?.Dispose();
        if (!_leaveOpen)
        {
            await _file.DisposeAsync();
        }
    }

    private void Choose(string? wanted, Func<ITableRows, bool> isHeader)
    {
        var chosen = SheetChoice.Make(_parts!.Sheets, wanted, sheet => sheet.Name, sheet => sheet.IsVisible, sheet => Begin(sheet) && (_waits = Next()), () => isHeader(this));
        if (chosen.Reopen)
        {
            _waits = Begin(chosen.Sheet) && Next();
        }
        Sheet = chosen.Sheet.Name;
        if (chosen.Note is { } note)
        {
            _notes.Add(note);
        }
        if (!_waits)
        {
            Row = 0;
            throw SheetChoice.Empty(chosen.Sheet.Name);
        }
    }

    private bool Begin(WorkbookSheet sheet)
    {
        Close();
        Row = 0;
        _xml = _parts!.Read(sheet.Path);
        while (_xml.Read())
        {
            if (_xml.IsElement && _xml.Name == "sheetData")
            {
                return !_xml.IsEmpty;
            }
        }
        return false;
    }

    private bool Next()
    {
        var xml = _xml!;
        while (xml.Read())
        {
            if (xml.IsEnd && xml.Name == "sheetData")
            {
                xml.Finish();
                return false;
            }
            if (!xml.IsElement)
            {
                continue;
            }
            if (xml.Name != "row")
            {
                xml.Pass();
                continue;
            }
            var number = xml.Attribute("r") is { } said ? int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1 : Row + 1;
            if (number <= Row || number > MostRows)
            {
                throw WorkbookException.Damaged($"the rows after row {Row} are not in order");
            }
            Row = number;
            _row.Clear();
            if (!xml.IsEmpty)
            {
                ReadCells(xml);
            }
            if (_row.CellCount > 0 || _row.Fault is not null)
            {
                return true;
            }
        }
        throw WorkbookException.Damaged("it ends in the middle of a sheet");
    }

    private void ReadCells(WorkbookXml xml)
    {
        var next = 0;
        while (xml.Read())
        {
            if (xml.IsEnd && xml.Name == "row")
            {
                return;
            }
            if (!xml.IsElement)
            {
                continue;
            }
            if (xml.Name == "c")
            {
                next = _cells!.Read(xml, _row, Row, next) + 1;
            }
            else
            {
                xml.Pass();
            }
        }
        throw WorkbookException.Damaged("it ends in the middle of a row");
    }

    private bool Try(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is WorkbookException or XmlException or InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException or NotSupportedException)
        {
            _stop = WorkbookException.FaultOf(exception, Row);
            _waits = false;
            return false;
        }
    }

    private void Close()
    {
        _xml?.Dispose();
        _xml = null;
    }
}
