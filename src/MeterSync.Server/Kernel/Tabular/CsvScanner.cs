using System.Buffers;

namespace MeterSync.Kernel.Tabular;

internal enum ScanResult
{
    /// <summary>A row is complete.</summary>
    Row,

    /// <summary>All characters given are used; give more.</summary>
    NeedMore,

    /// <summary>The text ended between rows.</summary>
    End,

    /// <summary>A fault that stops reading.</summary>
    Stopped,
}

/// <summary>
/// Splits text into rows of cells after RFC 4180, in pieces of any size, keeping no more than one row within its limits.
/// Where the standard is silent: CR, LF and CRLF all end a row; a quote inside an unquoted cell is an ordinary character;
/// spaces between a closing quote and the delimiter are dropped.
/// </summary>
internal sealed class CsvScanner : IDisposable
{
    private const char Quote = '"';
    private const string NulMessage = "The file is not text: it contains binary zeros. Save it as CSV (UTF-8) or as an .xlsx workbook.";

    private readonly SearchValues<char> _endsUnquoted;
    private readonly SearchValues<char> _endsQuoted = SearchValues.Create(Quote, '\r', '\n', '\0');
    private readonly TableLimits _limits;
    private readonly char _delimiter;
    private readonly RowText _row;

    private long _line = 1;
    private long _quoteLine;
    private State _state = State.RowStart;
    private bool _afterCr;
    private bool _discards;
    private bool _spacesAfterQuote;
    private int _cell;

    public CsvScanner(char delimiter, TableLimits limits)
    {
        _delimiter = delimiter;
        _limits = limits;
        _row = new RowText(limits);
        _endsUnquoted = SearchValues.Create(delimiter, Quote, '\r', '\n', '\0');
    }

    private enum State
    {
        RowStart,
        CellStart,
        Unquoted,
        Quoted,
        AfterQuote,
    }

    /// <summary>The row last begun; the first is 1.</summary>
    public int Row { get; private set; }

    /// <summary>The line where the row begins; the first is 1.</summary>
    public long Line { get; private set; } = 1;

    public int CellCount => _row.CellCount;

    public RowFault? Fault { get; private set; }

    public ReadOnlySpan<char> Cell(int index) => _row.Cell(index);

    /// <summary>Reads on until a row is complete or the characters are used up.</summary>
    /// <param name="chars">The characters that follow those already used.</param>
    /// <param name="isEnd">True when nothing follows <paramref name="chars"/>.</param>
    /// <param name="used">How many of <paramref name="chars"/> are done with.</param>
    public ScanResult Scan(ReadOnlySpan<char> chars, bool isEnd, out int used)
    {
        var at = 0;
        while (at < chars.Length)
        {
            var c = chars[at];
            switch (_state)
            {
                case State.RowStart:
                    if (_afterCr)
                    {
                        _afterCr = false;
                        if (c == '\n')
                        {
                            at++;
                            continue;
                        }
                    }
                    BeginRow();
                    continue;

                case State.CellStart:
                    if (c == Quote)
                    {
                        _quoteLine = _line;
                        _state = State.Quoted;
                        at++;
                    }
                    else
                    {
                        _state = State.Unquoted;
                    }
                    continue;

                case State.Unquoted:
                    var rest = chars[at..];
                    var length = rest.IndexOfAny(_endsUnquoted);
                    if (length != 0)
                    {
                        Append(length < 0 ? rest : rest[..length]);
                        if (length < 0)
                        {
                            at = chars.Length;
                            continue;
                        }
                        at += length;
                        c = chars[at];
                    }
                    at++;
                    break;

                case State.Quoted:
                    at += ScanQuoted(chars[at..]);
                    if (Fault is { Stops: true })
                    {
                        used = at;
                        return ScanResult.Stopped;
                    }
                    continue;

                default:
                    at++;
                    if (c == Quote && !_spacesAfterQuote)
                    {
                        Append([Quote]);
                        _state = State.Quoted;
                        continue;
                    }
                    if (c is ' ' or '\t' && c != _delimiter)
                    {
                        _spacesAfterQuote = true;
                        continue;
                    }
                    if (c != _delimiter && c is not ('\r' or '\n' or '\0'))
                    {
                        Refuse(ImportCodes.TextAfterQuote, "There is text after the closing quote of this cell. Quotes inside a quoted cell must be doubled (\"\").");
                        _state = State.Unquoted;
                        continue;
                    }
                    break;
            }

            if (c == _delimiter)
            {
                EndCell();
                _state = State.CellStart;
            }
            else if (c is '\r' or '\n')
            {
                _afterCr = c == '\r';
                used = at;
                return EndRow();
            }
            else if (c == '\0')
            {
                used = at;
                return Stop(ImportCodes.NotText, NulMessage);
            }
            else
            {
                Append([c]);
            }
        }
        used = at;
        return isEnd ? Finish() : ScanResult.NeedMore;
    }

    public void Dispose() => _row.Dispose();

    private int ScanQuoted(ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAny(_endsQuoted);
        if (length != 0)
        {
            _afterCr = false;
            Append(length < 0 ? rest : rest[..length]);
            if (length < 0)
            {
                return rest.Length;
            }
        }
        var c = rest[length];
        if (c == Quote)
        {
            _afterCr = false;
            _spacesAfterQuote = false;
            _state = State.AfterQuote;
        }
        else if (c == '\0')
        {
            _ = Stop(ImportCodes.NotText, NulMessage);
        }
        else
        {
            _line += c == '\n' && _afterCr ? 0 : 1;
            _afterCr = c == '\r';
            Append(rest.Slice(length, 1));
        }
        return length + 1;
    }

    private void BeginRow()
    {
        Row++;
        Line = _line;
        Fault = null;
        _row.Clear();
        _cell = 0;
        _discards = false;
        _state = State.CellStart;
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (!_discards && _row.Append(piece) is { } limit)
        {
            Refuse(limit, limit == ImportCodes.RowTooLarge
                ? $"The row holds more than {_limits.RowChars} characters."
                : $"The cell holds more than {_limits.CellChars} characters.{(_state == State.Quoted ? " Either it is too long, or the quote that opens it is never closed." : "")}");
        }
    }

    private void EndCell()
    {
        _cell++;
        if (!_discards && _row.EndCell() is { } limit)
        {
            Refuse(limit, $"The row has more than {_limits.Columns} cells.");
        }
    }

    private ScanResult EndRow()
    {
        EndCell();
        _line++;
        _state = State.RowStart;
        return ScanResult.Row;
    }

    private ScanResult Finish()
    {
        switch (_state)
        {
            case State.RowStart:
                return ScanResult.End;
            case State.Quoted:
                Fault = new RowFault(Row, _cell, ImportCodes.UnclosedQuote, $"A quote opens in this cell on line {_quoteLine} and is never closed; the file may be cut short. Everything after it was read as one cell.", true);
                return ScanResult.Stopped;
            default:
                return EndRow();
        }
    }

    private void Refuse(string code, string message)
    {
        Fault ??= new RowFault(Row, code is ImportCodes.RowTooLarge or ImportCodes.TooManyColumns ? -1 : _cell, code, message, false);
        // What follows in the row is of no use, and keeping it is what the limits forbid.
        _discards = true;
    }

    private ScanResult Stop(string code, string message)
    {
        Fault = new RowFault(Row, _discards ? Fault?.CellIndex ?? -1 : _cell, code, message, true);
        return ScanResult.Stopped;
    }
}
