using System.Runtime.InteropServices;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.Import;

/// <summary>One row of the file, 48 bytes; words are numbers into <see cref="ReadingRows"/>.</summary>
internal readonly record struct ImportedRow(decimal Value, long AtMicroseconds, int Serial, int Register, int Row, int Notes, int Agent, ReadingSource Source);

/// <summary>A whole file in memory: a million rows are about 50 MB, since words that come again are kept once.</summary>
internal sealed class ReadingRows
{
    /// <summary>No such word in the row.</summary>
    public const int None = -1;

    private const int SerialLength = 100;
    private const int RegisterLength = 50;
    private const int NotesLength = 2000;

    private readonly List<ImportedRow> rows = [];
    private readonly WordList serials = new();
    private readonly WordList registers = new();
    private readonly WordList notes = new();
    private readonly WordList agents = new();

    public int Refused { get; private set; }

    /// <summary>Good rows whose value had been rejected.</summary>
    public int LeftOut { get; private set; }

    public int MeterCount => serials.Count;

    public int Count => rows.Count;

    public ReadOnlySpan<ImportedRow> Span => CollectionsMarshal.AsSpan(rows);

    public string Serial(int index) => serials[index];

    public string? Register(int index) => index == None ? null : registers[index];

    public string? Notes(int index) => index == None ? null : notes[index];

    public string? Agent(int index) => index == None ? null : agents[index];

    /// <summary>Reads what of the file can be read; the rest is in the reader's problems.</summary>
    public async Task ReadAsync(TableReader reader, Action<int> progress, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            Take(reader);
            if (reader.RowsRead % 50_000 == 0)
            {
                progress(reader.RowsRead);
            }
        }

        if (LeftOut > 0)
        {
            reader.Note(ReadingProblems.NoteRejectedLeftOut, $"{LeftOut:N0} rows have the quality rejected: their values were refused where the file comes from, and were left out.");
        }

        Sort();
    }

    /// <summary>Meter by meter as they first come, oldest first, one visit's registers together.</summary>
    private void Sort()
    {
        var span = CollectionsMarshal.AsSpan(rows);
        for (var index = 1; index < span.Length; index++)
        {
            if (InOrder.Instance.Compare(span[index - 1], span[index]) > 0)
            {
                span.Sort(InOrder.Instance);
                return;
            }
        }
    }

    private void Take(TableReader reader)
    {
        var serial = reader.Identifier(ReadingColumns.SerialNumber, SerialLength);
        var value = reader.Decimal(ReadingColumns.Value, -Bounds.Limit, Bounds.Limit);
        var at = reader.Instant(ReadingColumns.At);
        var register = reader.Text(ReadingColumns.Register, RegisterLength);
        var source = reader.Choice(ReadingColumns.Source, ReadingColumns.Sources) ?? ReadingSource.Import;
        var quality = reader.Choice(ReadingColumns.Quality, ReadingColumns.Qualities) ?? ImportedQuality.Read;
        var agent = reader.Text(ReadingColumns.Agent, SerialLength);
        var note = reader.Text(ReadingColumns.Notes, NotesLength, allowLines: true);
        if (value is { } number && !Bounds.CanHold(number))
        {
            reader.Refuse(ReadingColumns.Value, ImportCodes.OutOfRange, "The value has more than 12 digits before the point or more than 6 behind.");
        }

        if (reader.RowIsRefused || serial is null || value is null || at is null)
        {
            Refused++;
            return;
        }

        if (quality is ImportedQuality.Rejected)
        {
            LeftOut++;
            return;
        }

        rows.Add(new ImportedRow(value.Value, at.Value.ToUnixMicroseconds(), serials.Of(serial), registers.Of(register), reader.Row, notes.Of(note), agents.Of(agent), quality is ImportedQuality.Estimated ? ReadingSource.Estimate : source));
    }

    private sealed class InOrder : IComparer<ImportedRow>
    {
        public static readonly InOrder Instance = new();

        public int Compare(ImportedRow x, ImportedRow y) =>
            x.Serial != y.Serial ? x.Serial.CompareTo(y.Serial)
            : x.AtMicroseconds != y.AtMicroseconds ? x.AtMicroseconds.CompareTo(y.AtMicroseconds)
            : x.Row.CompareTo(y.Row);
    }

    /// <summary>Words by number, each kept once.</summary>
    private sealed class WordList
    {
        private readonly List<string> words = [];
        private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

        public int Count => words.Count;

        public string this[int index] => words[index];

        public int Of(string? word)
        {
            if (string.IsNullOrEmpty(word))
            {
                return None;
            }

            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, word, out var known);
            if (!known)
            {
                number = words.Count;
                words.Add(word);
            }

            return number;
        }
    }
}
