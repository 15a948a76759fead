namespace MeterSync.Kernel.Tabular;

/// <content>
/// Typed cells. Each getter returns null for an empty cell or a missing column, and also for a cell it cannot read; the
/// latter adds a problem and refuses the row. An empty cell of a required column is such a problem.
/// </content>
public sealed partial class TableReader
{
    private int _timesTwice;
    private bool _localTimeNoted;
    private bool _serialDateNoted;

    /// <summary>Text without surrounding spaces; an apostrophe that guards a formula (see <see cref="FormulaGuard"/>) is removed.</summary>
    /// <param name="column">The column.</param>
    /// <param name="maxLength">The most characters, inclusive.</param>
    /// <param name="allowLines">True to allow line breaks and tabs inside the text.</param>
    public string? Text(TableColumn column, int maxLength, bool allowLines = false)
    {
        var text = Filled(column);
        if (text.IsEmpty)
        {
            return null;
        }
        text = FormulaGuard.Unescape(text);
        return TextCells.Check(text, maxLength, allowLines) is { } fault ? Fail<string>(column, fault) : text.ToString();
    }

    /// <summary>Text that identifies something, such as a serial number: as <see cref="Text"/>, and numbers a spreadsheet has shortened (1.23E+11) are refused.</summary>
    public string? Identifier(TableColumn column, int maxLength)
    {
        var text = Cell(column).Trim();
        if (!text.IsEmpty && FormOf(column) == CellForm.DateTime)
        {
            return Fail<string>(column, new CellFault(ImportCodes.DamagedBySpreadsheet, $"A spreadsheet program took this cell for a date ({Excerpt.Of(text)}). Format the column as text, enter it again and save the file."));
        }
        return NumberShape.Of(text).Kind == NumberKind.Exponent && text.ContainsAny('+', '.', ',')
            ? Fail<string>(column, TextCells.Shortened(text))
            : Text(column, maxLength);
    }

    /// <summary>An exact number within bounds, inclusive.</summary>
    public decimal? Decimal(TableColumn column, decimal min = decimal.MinValue, decimal max = decimal.MaxValue)
    {
        var text = Filled(column);
        if (text.IsEmpty)
        {
            return null;
        }
        var isRead = FormOf(column) == CellForm.Number
            ? NumberCells.TryStored(text, out var value, out var fault)
            : NumberCells.TryDecimal(text, _decimalSign, out value, out fault);
        return !isRead ? FailValue<decimal>(column, fault!)
            : value < min || value > max ? FailValue<decimal>(column, TextCells.OutOfRange(text, min, max))
            : value;
    }

    /// <summary>A whole number within bounds, inclusive. 12,0 and 1.234 (with thousands) are whole numbers.</summary>
    public long? WholeNumber(TableColumn column, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Decimal(column, min, max) is not { } value)
        {
            return null;
        }
        return value == decimal.Truncate(value)
            ? (long)value
            : FailValue<long>(column, new CellFault(ImportCodes.NotAWholeNumber, $"\"{Excerpt.Of(Filled(column))}\" is not a whole number."));
    }

    /// <summary>Yes or no, in the words of <see cref="ChoiceLists.YesNo"/>.</summary>
    public bool? YesNo(TableColumn column) => Choice(column, ChoiceLists.YesNo);

    /// <summary>One of the meanings of a list of words.</summary>
    public T? Choice<T>(TableColumn column, ChoiceList<T> choices)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(choices);
        var text = Filled(column);
        return text.IsEmpty ? null
            : choices.TryRead(text, out var value, out var fault) ? value
            : FailValue<T>(column, fault!);
    }

    /// <summary>Degrees north, -90 to 90.</summary>
    public double? Latitude(TableColumn column) => Degrees(column, 90);

    /// <summary>Degrees east, -180 to 180.</summary>
    public double? Longitude(TableColumn column) => Degrees(column, 180);

    /// <summary>A day; the time of a cell that has one is dropped, its offset too.</summary>
    public DateOnly? Date(TableColumn column) =>
        ReadDate(column) is { } cell ? new DateOnly(cell.Date.Year, cell.Date.Month, cell.Date.Day) : null;

    /// <summary>
    /// An instant in UTC. A time without an offset is local time of <see cref="TableReadOptions.TimeZone"/>; a date without a
    /// time is the start of that local day. A local time skipped by daylight saving is refused; of one that comes twice the
    /// earlier is taken and a note says how often.
    /// </summary>
    public DateTimeOffset? Instant(TableColumn column)
    {
        if (ReadDate(column) is not { } cell)
        {
            return null;
        }
        if (cell is { Time: { } withOffset, Offset: { } offset })
        {
            return cell.Date.At(withOffset).WithOffset(offset).ToInstant().ToDateTimeOffset();
        }
        NoteLocalTime();
        if (cell.Time is not { } time)
        {
            return _options.TimeZone.AtStartOfDay(cell.Date).ToInstant().ToDateTimeOffset();
        }
        var mapping = _options.TimeZone.MapLocal(cell.Date.At(time));
        if (mapping.Count == 0)
        {
            return FailValue<DateTimeOffset>(column, new CellFault(ImportCodes.TimeDoesNotExist, $"\"{Excerpt.Of(Filled(column))}\" does not exist in {_options.TimeZone.Id}: the clocks were put forward over it."));
        }
        if (mapping.Count == 2)
        {
            _timesTwice++;
        }
        return mapping.First().ToInstant().ToDateTimeOffset();
    }

    private LocalDateCell? ReadDate(TableColumn column)
    {
        var text = Filled(column);
        if (!text.IsEmpty && FormOf(column) == CellForm.Number && SerialDates.IsOne(text))
        {
            if (!SerialDates.TryRead(text, _source.CountsFrom1904, out var day, out var refusal))
            {
                return FailValue<LocalDateCell>(column, refusal!);
            }
            NoteSerialDate();
            return day;
        }
        return text.IsEmpty ? null
            : DateCells.TryRead(text, _dateOrder, out var value, out var fault) ? value
            : FailValue<LocalDateCell>(column, fault!);
    }

    private double? Degrees(TableColumn column, int most)
    {
        var text = Filled(column);
        if (text.IsEmpty)
        {
            return null;
        }
        var isRead = FormOf(column) == CellForm.Number
            ? NumberCells.TryStored(text, out var degrees, out var fault)
            : NumberCells.TryCoordinate(text, out degrees, out fault);
        return !isRead ? FailValue<double>(column, fault!)
            : Math.Abs(degrees) > most ? FailValue<double>(column, TextCells.OutOfRange(text, -most, most))
            : (double)degrees;
    }

    private CellForm FormOf(TableColumn column) => _rows.Form(CellIndex(column));

    /// <summary>The trimmed cell. Reports an empty cell of a required column.</summary>
    private ReadOnlySpan<char> Filled(TableColumn column)
    {
        var text = Cell(column).Trim();
        if (text.IsEmpty && column.IsRequired)
        {
            Refuse(column, ImportCodes.CellMissing, "The cell is empty, but this column must be filled in.");
        }
        if (!text.IsEmpty && FormOf(column) == CellForm.Error)
        {
            RefuseError(column, text);
            return default;
        }
        return text;
    }

    private void RefuseError(TableColumn column, ReadOnlySpan<char> text)
    {
        if (text[0] == '=')
        {
            Refuse(column, ImportCodes.FormulaWithoutResult, "The cell has a formula whose result is not in the file. Open the workbook in a spreadsheet program and save it there.");
            return;
        }
        Refuse(column, ImportCodes.CellError, $"The cell's formula has failed; it shows {Excerpt.Of(text)}.");
    }

    private void NoteSerialDate()
    {
        if (!_serialDateNoted)
        {
            _serialDateNoted = true;
            _notes.Add(new TableNote(ImportCodes.SerialDatesRead, "Numbers in a column of dates were read as the spreadsheet's day numbers."));
        }
    }

    private T? Fail<T>(TableColumn column, CellFault fault)
        where T : class
    {
        Refuse(column, fault.Code, fault.Message);
        return null;
    }

    private T? FailValue<T>(TableColumn column, CellFault fault)
        where T : struct
    {
        Refuse(column, fault.Code, fault.Message);
        return null;
    }

    private void NoteLocalTime()
    {
        if (!_localTimeNoted)
        {
            _localTimeNoted = true;
            _notes.Add(new TableNote(ImportCodes.LocalTimeAssumed, $"Times without an offset were read as local time of {_options.TimeZone.Id}, dates without a time as the start of the day."));
        }
    }
}
