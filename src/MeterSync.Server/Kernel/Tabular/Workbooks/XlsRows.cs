using System.Globalization;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using NodaTime;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Rows of one sheet of an .xls workbook (Excel 97 to 2003), through ExcelDataReader. Such a file is not packed, so its size bounds its memory.</summary>
internal sealed class XlsRows : ITableRows
{
    private readonly Stream _file;
    private readonly bool _leaveOpen;
    private readonly SheetRow _row;
    private readonly List<TableNote> _notes = [];
    private readonly OldWorkbookFacts _facts = new();
    private int _sheet;
    private RowFault? _stop;
    private IExcelDataReader? _reader;
    private bool _waits;

    private XlsRows(Stream file, TableLimits limits, bool leaveOpen)
    {
        (_file, _leaveOpen) = (file, leaveOpen);
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
    public bool? CountsFrom1904 => _facts.CountsFrom1904;

    /// <inheritdoc/>
    public string? Sheet { get; private set; }

    /// <summary>As <see cref="XlsxRows.Open"/>.</summary>
    public static XlsRows Open(Stream file, TableReadOptions options, Func<ITableRows, bool> isHeader, bool leaveOpen)
    {
        var rows = new XlsRows(file, options.Limits, leaveOpen);
        rows.Try(() =>
        {
            rows.Begin(options, isHeader);
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
        return new(_reader is not null && _stop is null && Try(Next));
    }

    /// <inheritdoc/>
    public ReadOnlySpan<char> Cell(int index) => _row.Cell(index);

    /// <inheritdoc/>
    public CellForm Form(int index) => _row.Form(index);

    /// <inheritdoc/>
    public ValueTask<string?> FindMergedAsync(int row, CancellationToken cancellationToken)
    {
        var merged = _reader?.MergeCells?.FirstOrDefault(range => range.FromRow + 1 <= row && row <= range.ToRow + 1);
        return new(merged is null ? null : $"{PlaceOf(merged.FromColumn, merged.FromRow)}:{PlaceOf(merged.ToColumn, merged.ToRow)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        _row.Dispose();
        if (!_leaveOpen)
        {
            await _file.DisposeAsync();
        }
    }

    private void Begin(TableReadOptions options, Func<ITableRows, bool> isHeader)
    {
        if (_file.Length > options.Limits.OldWorkbookBytes)
        {
            throw WorkbookException.TooLarge($"an .xls workbook may have {options.Limits.OldWorkbookBytes / (1024 * 1024)} MiB");
        }
        var document = new CompoundDocument(_file);
        if (document.Has("EncryptedPackage"))
        {
            throw WorkbookException.Encrypted();
        }
        var stream = document.Has("Workbook") ? "Workbook" : "Book";
        if (!document.Has(stream))
        {
            throw WorkbookException.NotWorkbook("a document of another program");
        }
        using (var records = document.Open(stream))
        {
            _facts.Read(records ?? Stream.Null);
        }
        _file.Position = 0;
        // Also makes the code pages of old files known.
        var encoding = (options.Encoding is { } name ? TextSniffer.Named(name) : null) ?? TextSniffer.Named("windows-1252")!;
        _reader = ExcelReaderFactory.CreateBinaryReader(_file, new ExcelReaderConfiguration { LeaveOpen = true, FallbackEncoding = encoding });
        Choose(options.Sheet, isHeader);
    }

    private void Choose(string? wanted, Func<ITableRows, bool> isHeader)
    {
        var sheets = new List<OldSheet>();
        do
        {
            sheets.Add(new OldSheet(sheets.Count, _reader!.Name ?? "", _reader.VisibleState == "visible"));
        }
        while (_reader.NextResult());
        var chosen = SheetChoice.Make(sheets, wanted, sheet => sheet.Name, sheet => sheet.IsVisible, sheet => _waits = GoTo(sheet), () => isHeader(this));
        if (chosen.Reopen)
        {
            _waits = GoTo(chosen.Sheet);
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

    private bool GoTo(OldSheet sheet)
    {
        _reader!.Reset();
        for (var index = 0; index < sheet.Index; index++)
        {
            _reader.NextResult();
        }
        _sheet = sheet.Index;
        Row = 0;
        return Next();
    }

    private bool Next()
    {
        while (_reader!.Read())
        {
            Row = _reader.Depth + 1;
            _row.Clear();
            for (var column = 0; column < _reader.FieldCount; column++)
            {
                Add(column);
            }
            if (_row.CellCount > 0 || _row.Fault is not null)
            {
                return true;
            }
        }
        return false;
    }

    private void Add(int column)
    {
        switch (_reader!.GetValue(column))
        {
            case null:
                _row.Add(Row, column, _facts.ErrorAt(_sheet, Row - 1, column), CellForm.Error);
                break;
            case double number:
                _row.Add(Row, column, StoredNumbers.Of(number), CellForm.Number);
                break;
            case int number:
                _row.Add(Row, column, number.ToString(CultureInfo.InvariantCulture), CellForm.Number);
                break;
            case DateTime time:
                // Rounded as in a workbook of the newer kind.
                _row.Add(Row, column, SheetCells.TextOf(LocalDateTime.FromDateTime(time.AddTicks(TimeSpan.TicksPerMillisecond / 2)).With(TruncateToMillisecond)), CellForm.DateTime);
                break;
            case TimeSpan span:
                _row.Add(Row, column, StoredNumbers.Of(span.TotalDays), CellForm.Number);
                break;
            case bool yes:
                _row.Add(Row, column, yes ? "true" : "false", CellForm.Text);
                break;
            case var other:
                _row.Add(Row, column, other.ToString(), CellForm.Text);
                break;
        }
    }

    /// <summary>The format has twenty years of writers and readers; what one wrote badly may end in any exception here.</summary>
    private bool Try(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _stop = WorkbookException.FaultOf(exception is InvalidPasswordException ? WorkbookException.Encrypted() : exception, Row);
            _waits = false;
            return false;
        }
    }

    private static LocalTime TruncateToMillisecond(LocalTime time) => new(time.Hour, time.Minute, time.Second, time.Millisecond);

    private static string PlaceOf(int column, int row)
    {
        var letters = column < 26 ? $"{(char)('A' + column)}" : $"{(char)('A' + (column / 26) - 1)}{(char)('A' + (column % 26))}";
        return string.Create(CultureInfo.InvariantCulture, $"{letters}{row + 1}");
    }

    private sealed record OldSheet(int Index, string Name, bool IsVisible);
}
