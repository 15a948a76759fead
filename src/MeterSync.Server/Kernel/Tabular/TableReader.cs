namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Reads the rows of an uploaded table by logical column, in one pass and bounded memory. What is wrong with the file is
/// collected in <see cref="Problems"/> in words; nothing in a file makes the reader throw. A row the reader itself must refuse
/// (cell too large, wrong number of cells) is not handed out. A row handed out becomes refused when one of the typed
/// getters finds a problem: ask <see cref="RowIsRefused"/> after reading its cells.
/// </summary>
public sealed partial class TableReader : IAsyncDisposable
{
    private readonly ITableRows _source;
    private readonly TableReadOptions _options;
    private readonly Func<ITableRows, ColumnSet> _columnsOf;
    private readonly RowSample _rows;
    private readonly List<TableNote> _notes = [];
    private ColumnSet? _columns;
    private HeaderMap? _header;
    private DecimalSign? _decimalSign;
    private DateOrder? _dateOrder;

    private TableReader(ITableRows source, Func<ITableRows, ColumnSet> columnsOf, TableReadOptions options)
    {
        (_source, _columnsOf, _options) = (source, columnsOf, options);
        _rows = new RowSample(source, options.Limits);
        Problems = new ProblemList(options.KeptProblems);
        Findings = new TableFindings(null, null, null, null, source.Sheet, 0, [], []);
    }

    /// <summary>Problems of the file so far; the importing module adds its own.</summary>
    public ProblemList Problems { get; }

    /// <summary>Decisions a person should see. Complete when reading has ended.</summary>
    public IReadOnlyList<TableNote> Notes => [.. _source.Notes, .. _notes, .. NoteTimesTwice()];

    public TableFindings Findings { get; private set; }

    /// <summary>True when the file was not read to its end: no usable header, or a fault that makes the rest unreadable.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The current row as a spreadsheet counts it: a header in the first line is row 1.</summary>
    public int Row => _rows.Row;

    /// <summary>The line of the file where the current row starts, the first is 1.</summary>
    public long Line => _rows.Line;

    /// <summary>Rows handed out so far.</summary>
    public int RowsRead { get; private set; }

    /// <summary>Rows the reader refused itself and did not hand out.</summary>
    public int RowsUnreadable { get; private set; }

    /// <summary>Blank rows passed over, those above the header included.</summary>
    public int RowsBlank { get; private set; }

    /// <summary>True when a getter found a problem in the current row, or <see cref="Refuse(TableColumn?, string, string)"/> was called.</summary>
    public bool RowIsRefused { get; private set; }

    /// <summary>Opens a delimited text file and reads its header.</summary>
    /// <param name="stream">Read from where it stands; need not be seekable; left open.</param>
    public static async ValueTask<TableReader> OpenCsvAsync(Stream stream, ColumnSet columns, TableReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new TableReadOptions();
        return await OpenAsync(await CsvRows.OpenAsync(stream, options, leaveOpen: true, cancellationToken), columns, options, cancellationToken);
    }

    /// <summary>Opens rows of any source and reads the header; the reader disposes the source.</summary>
    public static ValueTask<TableReader> OpenAsync(ITableRows source, ColumnSet columns, TableReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return OpenAsync(source, _ => columns, options, cancellationToken);
    }

    /// <summary>As the other, for columns that depend on the file's own headings.</summary>
    /// <param name="columnsOf">Given the rows standing at the headings; called once, unless the file has none.</param>
    public static async ValueTask<TableReader> OpenAsync(ITableRows source, Func<ITableRows, ColumnSet> columnsOf, TableReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(columnsOf);
        var reader = new TableReader(source, columnsOf, options ?? new TableReadOptions());
        await reader.BeginAsync(cancellationToken);
        return reader;
    }

    /// <summary>Goes to the next usable row below the header; false at the end, see <see cref="Stopped"/>.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        RowIsRefused = false;
        while (!Stopped && await _rows.ReadAsync(cancellationToken))
        {
            if (_rows.Fault is { } fault)
            {
                Report(fault);
                RowsUnreadable++;
                continue;
            }
            if (IsBlank())
            {
                RowsBlank++;
                continue;
            }
            if (RowsRead + RowsUnreadable >= _options.Limits.Rows)
            {
                Report(new RowFault(Row, -1, ImportCodes.TooManyRows, $"The file has more than {_options.Limits.Rows} rows. Split it into several files.", true));
                return false;
            }
            if (!HasRightWidth())
            {
                RowsUnreadable++;
                continue;
            }
            RowsRead++;
            return true;
        }
        End();
        return false;
    }

    /// <summary>The text of a cell as written, quotes removed, nothing trimmed; empty when the file has no such column. Valid until the next row is read.</summary>
    public ReadOnlySpan<char> Cell(TableColumn column) => _header is not null && CellIndex(column) is >= 0 and var index ? _rows.Cell(index) : default;

    /// <summary>True when the file has the column.</summary>
    public bool Has(TableColumn column) => _header is not null && CellIndex(column) >= 0;

    /// <summary>Adds a problem of the current row and marks the row as refused.</summary>
    /// <param name="column">The column at fault; null when no single one is.</param>
    public void Refuse(TableColumn? column, string code, string message)
    {
        RowIsRefused = true;
        Problems.Add(new RowProblem(Row, column is null ? null : _header?.WrittenName(column) ?? column.Name, code, message));
    }

    /// <summary>Adds a decision a person should see; it refuses nothing.</summary>
    public void Note(string code, string message) => _notes.Add(new TableNote(code, message));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private int CellIndex(TableColumn column) => column.Set == _columns
        ? _header!.CellOf(column)
        : throw new ArgumentException($"The column {column.Name} belongs to another column set.", nameof(column));

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        while (_header is null && !Stopped)
        {
            if (!await _source.ReadAsync(cancellationToken))
            {
                Report(_source.Fault ?? new RowFault(0, -1, ImportCodes.EmptyFile, "The file is empty.", true));
            }
            else if (_source.Fault is { } fault)
            {
                Report(new RowFault(fault.Row, fault.CellIndex, ImportCodes.HeaderUnreadable, $"The header cannot be read. {fault.Message}", true));
            }
            else if (IsBlank())
            {
                RowsBlank++;
            }
            else
            {
                _columns = _columnsOf(_source);
                _columns.Use();
                _header = HeaderMap.Read(_source, _columns, Problems);
                Stopped = Problems.Total > 0;
            }
        }
        if (_header is null)
        {
            return;
        }
        var headerRow = _source.Row;
        if (Stopped && await _source.FindMergedAsync(headerRow, cancellationToken) is { } range)
        {
            Problems.Add(new RowProblem(headerRow, null, ImportCodes.HeaderMerged, $"The headings stand in merged cells ({range}). Split them, so that there is one row of headings and each column has its own."));
        }
        await LearnAsync(headerRow, cancellationToken);
    }

    private async ValueTask LearnAsync(int headerRow, CancellationToken cancellationToken)
    {
        var (signs, orders) = (new DecimalSignVotes(), new DateOrderVotes());
        if (!Stopped)
        {
            await _rows.FillAsync(cancellationToken);
            foreach (var column in _columns!.Columns.Where(column => _header!.CellOf(column) >= 0))
            {
                ISampleVisitor? votes = column.Kind switch { ColumnKind.Number => signs, ColumnKind.Date => orders, _ => null };
                if (votes is not null)
                {
                    _rows.Visit(_header!.CellOf(column), votes);
                }
            }
        }
        _decimalSign = _options.DecimalSign ?? signs.Decide(_notes);
        _dateOrder = _options.DateOrder ?? orders.Decide(_notes);
        if (_header!.Ignored.Count > 0)
        {
            _notes.Add(new TableNote(ImportCodes.ColumnsIgnored, $"Columns not known and ignored: {string.Join(", ", _header.Ignored.Take(30).Select(heading => $"\"{heading}\""))}."));
        }
        var csv = _source as CsvRows;
        Findings = new TableFindings(csv?.Encoding?.WebName, csv?.Delimiter, _decimalSign, _dateOrder, _source.Sheet, headerRow, _header.Matched, _header.Ignored);
    }

    private bool HasRightWidth()
    {
        var extra = false;
        for (var i = _header!.Width; i < _rows.CellCount && !extra; i++)
        {
            // Spreadsheets add empty cells at the end of rows; they mean nothing.
            extra = !_rows.Cell(i).IsWhiteSpace();
        }
        if (!extra && _rows.CellCount >= _header.LeastWidth)
        {
            return true;
        }
        Refuse(null, ImportCodes.WrongCellCount, $"The row has {_rows.CellCount} cells, but the header has {_header.Width}. {(extra ? "A cell that contains the delimiter must stand in quotes." : "Cells of required columns are missing.")}");
        return false;
    }

    private IEnumerable<TableNote> NoteTimesTwice() => _timesTwice == 0
        ? []
        : [new TableNote(ImportCodes.TimeTwice, $"{_timesTwice} times come twice in {_options.TimeZone.Id} because the clocks were put back; the earlier one was taken. Write an offset to be exact.")];

    private bool IsBlank()
    {
        for (var i = 0; i < _rows.CellCount; i++)
        {
            if (!_rows.Cell(i).IsWhiteSpace())
            {
                return false;
            }
        }
        return true;
    }

    private void Report(RowFault fault)
    {
        Stopped |= fault.Stops;
        Problems.Add(new RowProblem(fault.Row, fault.CellIndex < 0 ? null : _header?.HeadingAt(fault.CellIndex) ?? $"{fault.CellIndex + 1}", fault.Code, fault.Message));
    }

    private void End()
    {
        if (!Stopped && _source.Fault is { Stops: true } fault)
        {
            Report(fault);
        }
        else if (!Stopped && RowsRead + RowsUnreadable == 0 && _notes.All(note => note.Code != ImportCodes.NoRows))
        {
            _notes.Add(new TableNote(ImportCodes.NoRows, "The file has a header and no rows."));
        }
    }
}
