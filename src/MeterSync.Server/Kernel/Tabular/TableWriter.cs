using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Writes a table as UTF-8 text after RFC 4180 (CRLF ends a row), cell by cell, and sends it on in pieces of about 32 KiB.
/// Call <see cref="EndRowAsync"/> after the last cell of each row and <see cref="CompleteAsync"/> at the end.
/// </summary>
public sealed partial class TableWriter : ITableSink
{
    private const int SendAt = 32 * 1024;
    private const int LongestNumber = 64;

    private readonly PipeWriter? _pipe;
    private readonly Stream? _stream;
    private readonly TableWriteOptions _options;
    private readonly SearchValues<char> _needQuotes;
    private readonly SearchValues<char> _needCare;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SendAt + 8_192);
    private int _length;
    private bool _rowBegun;

    /// <summary>Writes to a response or another pipe, which is left open.</summary>
    public TableWriter(PipeWriter output, TableWriteOptions? options = null)
        : this(options ?? new TableWriteOptions())
    {
        ArgumentNullException.ThrowIfNull(output);
        _pipe = output;
    }

    /// <summary>Writes to a stream, which is left open.</summary>
    public TableWriter(Stream output, TableWriteOptions? options = null)
        : this(options ?? new TableWriteOptions())
    {
        ArgumentNullException.ThrowIfNull(output);
        _stream = output;
    }

    private TableWriter(TableWriteOptions options)
    {
        if (!char.IsAscii(options.Delimiter) || char.IsAsciiLetterOrDigit(options.Delimiter) || options.Delimiter is '"' or '\r' or '\n' or '\0' or '\'' or '-' or '.')
        {
            throw new ArgumentException($"The character U+{(int)options.Delimiter:X4} cannot be a delimiter.", nameof(options));
        }
        _options = options;
        _needQuotes = SearchValues.Create(options.Delimiter, '"', '\r', '\n');
        _needCare = SearchValues.Create(options.Delimiter, '"', '\r', '\n', '\0');
        if (options.WithByteOrderMark)
        {
            Encoding.UTF8.Preamble.CopyTo(_buffer);
            _length = Encoding.UTF8.Preamble.Length;
        }
    }

    /// <summary>Rows ended so far.</summary>
    public long RowsWritten { get; private set; }

    /// <inheritdoc/>
    public ValueTask BeginAsync(string title, IReadOnlyList<SinkColumn> columns, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var column in columns)
        {
            Text(column.Name);
        }
        return EndRowAsync(cancellationToken);
    }

    /// <summary>Writes words; null is an empty cell. Text that looks like a formula is guarded, also <c>-5</c>: write numbers with <see cref="Number(decimal?)"/>.</summary>
    public void Text(string? text) => Text(text.AsSpan());

    /// <summary>Writes words. Lone halves of surrogate pairs and binary zeros, which no table may hold, become U+FFFD.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        BeginCell();
        if (IsPlain(text))
        {
            Append(text);
            return;
        }
        var isGuarded = _options.GuardFormulas && FormulaGuard.Needs(text);
        if (text.Contains('\0'))
        {
            text = text.ToString().Replace('\0', '\uFFFD');
        }
        // Spaces at the ends survive in quotes; some programs trim them otherwise.
        if (text.Length > 0 && (text.ContainsAny(_needQuotes) || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])))
        {
            Quoted(text, isGuarded);
            return;
        }
        if (isGuarded)
        {
            Reserve(1);
            _buffer[_length++] = (byte)'\'';
        }
        Append(text);
    }

    /// <summary>Writes several cells of words, a header for example.</summary>
    public void Texts(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    /// <summary>Ends the row and, when enough has gathered, sends it on. Waits while the receiver is slower.</summary>
    public ValueTask EndRowAsync(CancellationToken cancellationToken = default)
    {
        Reserve(2);
        _buffer[_length++] = (byte)'\r';
        _buffer[_length++] = (byte)'\n';
        _rowBegun = false;
        RowsWritten++;
        return _length >= SendAt ? SendAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Sends all that is left. The output stays open.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        await SendAsync(cancellationToken);
        if (_stream is not null)
        {
            await _stream.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Gives the buffer back. Sends nothing: a table cut off by an exception must not look complete.</summary>
    public ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var piece = _buffer.AsMemory(0, _length);
        _length = 0;
        if (_pipe is null)
        {
            await _stream!.WriteAsync(piece, cancellationToken);
        }
        else if ((await _pipe.WriteAsync(piece, cancellationToken)).IsCompleted)
        {
            throw new IOException("The reader of the table has gone.");
        }
    }

    private void Quoted(ReadOnlySpan<char> text, bool isGuarded)
    {
        Reserve((Encoding.UTF8.GetMaxByteCount(text.Length) * 2) + 3);
        _buffer[_length++] = (byte)'"';
        if (isGuarded)
        {
            _buffer[_length++] = (byte)'\'';
        }
        for (var quote = text.IndexOf('"'); quote >= 0; quote = text.IndexOf('"'))
        {
            _length += Encoding.UTF8.GetBytes(text[..(quote + 1)], _buffer.AsSpan(_length));
            _buffer[_length++] = (byte)'"';
            text = text[(quote + 1)..];
        }
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Most words of most tables: seen at a glance to need neither guard nor quotes.</summary>
    private bool IsPlain(ReadOnlySpan<char> text) =>
        text.IsEmpty || (char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && !text.ContainsAny(_needCare));

    private void Append(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void BeginCell()
    {
        Reserve(1);
        if (_rowBegun)
        {
            _buffer[_length++] = (byte)_options.Delimiter;
        }
        _rowBegun = true;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
        {
            return;
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
