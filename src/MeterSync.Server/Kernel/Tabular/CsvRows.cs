using System.Text;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Rows of a delimited text file. Reads its stream once, forward, and never holds more than a few buffers and one row.
/// The first 64 KiB tell the encoding and the delimiter; a file that begins in ASCII is asked again at its first other byte.
/// </summary>
public sealed class CsvRows : ITableRows
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly TableReadOptions _options;
    private readonly List<TableNote> _notes = [];
    private readonly byte[] _bytes = new byte[BufferBytes];
    private int _byteCount;
    private bool _streamEnded;

    private char[] _chars = [];
    private int _charStart;
    private int _charEnd;
    private bool _charsEnded;

    private Decoder? _decoder;
    private bool _asciiSoFar;
    private CsvScanner? _scanner;
    private int _linesBefore;

    private CsvRows(Stream stream, TableReadOptions options, bool leaveOpen) =>
        (_stream, _options, _leaveOpen) = (stream, options, leaveOpen);

    /// <inheritdoc/>
    public int Row => _scanner?.Row ?? 0;

    /// <inheritdoc/>
    public long Line => (_scanner?.Line ?? 0) + _linesBefore;

    /// <inheritdoc/>
    public int CellCount => _scanner?.CellCount ?? 0;

    /// <inheritdoc/>
    public RowFault? Fault { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<TableNote> Notes => _notes;

    /// <inheritdoc/>
    public bool? CountsFrom1904 => null;

    /// <inheritdoc/>
    public string? Sheet => null;

    /// <summary>The encoding in use; for a file of ASCII only, UTF-8. Null when the file is no text.</summary>
    public Encoding? Encoding { get; private set; }

    /// <summary>The character between cells.</summary>
    public char Delimiter { get; private set; }

    /// <summary>Looks at the start of a file. What is wrong with it is in <see cref="Fault"/>, and then there are no rows.</summary>
    /// <param name="stream">Read from where it stands; need not be seekable.</param>
    /// <param name="options">What a person said about the file.</param>
    /// <param name="leaveOpen">True to leave the stream open when the rows are disposed.</param>
    public static async ValueTask<CsvRows> OpenAsync(Stream stream, TableReadOptions options, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        var rows = new CsvRows(stream, options, leaveOpen);
        await rows.FillBytesAsync(cancellationToken);
        rows.Begin();
        return rows;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_scanner is null || Fault is { Stops: true })
        {
            return false;
        }
        while (true)
        {
            var result = _scanner.Scan(_chars.AsSpan(_charStart, _charEnd - _charStart), _charsEnded, out var used);
            _charStart += used;
            switch (result)
            {
                case ScanResult.Row:
                    Fault = _scanner.Fault;
                    return true;
                case ScanResult.End:
                    return false;
                case ScanResult.Stopped:
                    Fault = _scanner.Fault;
                    return false;
                default:
                    await FillBytesAsync(cancellationToken);
                    Decode();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<char> Cell(int index) => _scanner is null ? default : _scanner.Cell(index);

    /// <inheritdoc/>
    public CellForm Form(int index) => CellForm.Text;

    /// <inheritdoc/>
    public ValueTask<string?> FindMergedAsync(int row, CancellationToken cancellationToken) => new((string?)null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _scanner?.Dispose();
        _scanner = null;
        if (!_leaveOpen)
        {
            await _stream.DisposeAsync();
        }
    }

    private void Begin()
    {
        var head = _bytes.AsSpan(0, _byteCount);
        Fault = FileSignatures.Refuse(head) ?? ChooseEncoding(head);
        if (Fault is not null)
        {
            return;
        }
        Decode();
        var text = _chars.AsSpan(0, _charEnd);
        if (DelimiterSniffer.TryReadSepLine(text, out var said, out var length))
        {
            // Excel shows no row for this line, so rows are counted from the next one.
            _charStart = length;
            _linesBefore = 1;
            Delimiter = _options.Delimiter ?? said;
        }
        else
        {
            Delimiter = _options.Delimiter ?? DelimiterSniffer.Sniff(text, _charsEnded);
        }
        _scanner = new CsvScanner(Delimiter, _options.Limits);
    }

    private RowFault? ChooseEncoding(ReadOnlySpan<byte> head)
    {
        var found = TextSniffer.Sniff(head, _streamEnded);
        if (_options.Encoding is { } name && found is not { Certainty: EncodingCertainty.Marked })
        {
            if (TextSniffer.Named(name) is not { } named)
            {
                return new RowFault(0, -1, ImportCodes.UnknownEncoding, $"The encoding \"{Excerpt.Of(name)}\" is not known. Examples: utf-8, utf-16, windows-1251, windows-1252, cp866.", true);
            }
            found = new TextEncoding(named, 0, EncodingCertainty.Given);
        }
        // Bytes that are no text hold binary zeros; the scanner stops at the first one and can say where it is.
        found ??= new TextEncoding(System.Text.Encoding.UTF8, 0, EncodingCertainty.Ascii);
        Use(found);
        head[found.MarkLength..].CopyTo(_bytes);
        _byteCount -= found.MarkLength;
        return null;
    }

    private void Use(TextEncoding found)
    {
        Encoding = found.Encoding;
        _asciiSoFar = found.Certainty == EncodingCertainty.Ascii;
        _decoder = found.Encoding.GetDecoder();
        var most = found.Encoding.GetMaxCharCount(BufferBytes);
        _chars = _chars.Length < most ? new char[most] : _chars;
        if (found.Certainty == EncodingCertainty.Guessed)
        {
            _notes.Add(new TableNote(ImportCodes.EncodingGuessed, $"The file does not say how its letters are encoded; it was read as {found.Encoding.WebName}. If letters look wrong, save the file as UTF-8 or name the encoding."));
        }
    }

    private async ValueTask FillBytesAsync(CancellationToken cancellationToken)
    {
        // Full buffers, because statistics over a sliver of the file prove nothing.
        while (!_streamEnded && _byteCount < BufferBytes)
        {
            var count = await _stream.ReadAsync(_bytes.AsMemory(_byteCount), cancellationToken);
            _streamEnded = count == 0;
            _byteCount += count;
        }
    }

    private void Decode()
    {
        var bytes = _bytes.AsSpan(0, _byteCount);
        if (_asciiSoFar && !Ascii.IsValid(bytes) && TextSniffer.Sniff(bytes, _streamEnded) is { MarkLength: 0, Certainty: not EncodingCertainty.Ascii } found)
        {
            Use(found);
        }
        _charStart = 0;
        _charEnd = _decoder!.GetChars(bytes, _chars, _streamEnded);
        _byteCount = 0;
        _charsEnded = _streamEnded;
    }
}
