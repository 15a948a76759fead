using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;

namespace MeterSync.Modules.Readings.Store;

/// <summary>A register value as SQLite has it, of a fixed size so that millions can be sorted: instants in microseconds, numbers in millionths, words by their number
/// in <see cref="SqliteWords"/>.</summary>
internal readonly struct SqliteValueRow
{
    /// <summary>What is read of a reading, in its order.</summary>
    public const string ReadingColumns = "r.id, r.reading_at, r.received_at, r.verified_at, r.agent_id, r.source, r.notes";

    /// <summary>What is read of a value, in its order.</summary>
    public const string ValueColumns = "v.register_id, v.value, v.consumption, v.days, v.quality, v.state, v.flags";

    /// <summary>Where <see cref="ValueColumns"/> begin when they stand behind those of the reading.</summary>
    public const int BesideReading = 7;

    /// <summary>Texts in both lists together.</summary>
    public const int WordColumns = 5;

    private const long Missing = long.MinValue;
    private readonly long received, value, consumption, days;
    private readonly Guid agent;
    private readonly int source, notes, quality, state, flags;
    private readonly bool verified, hasAgent;

    /// <param name="row">Begins with <see cref="ReadingColumns"/>.</param>
    /// <param name="of">Has <see cref="ValueColumns"/>.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="words">Keeps the texts.</param>
    /// <exception cref="InvalidDataException">An id is none.</exception>
    public SqliteValueRow(SqliteRow row, SqliteRow of, int first, SqliteWords words)
    {
        Reading = row[0].Id;
        At = row[1].Whole;
        received = row[2].Whole;
        verified = !row[3].IsNull;
        hasAgent = !row[4].IsNull;
        agent = hasAgent ? row[4].Id : default;
        source = words.Number(row[5], 0);
        notes = words.NumberIfRoom(row[6], 1);
        Register = of[first].Id;
        value = of[first + 1].Whole;
        consumption = Optional(of[first + 2]);
        days = Optional(of[first + 3]);
        quality = words.Number(of[first + 4], 2);
        state = words.Number(of[first + 5], 3);
        flags = words.Number(of[first + 6], 4);
    }

    public Guid Reading { get; }

    public Guid Register { get; }

    /// <summary>Microseconds.</summary>
    public long At { get; }

    /// <param name="register">Of <see cref="Register"/>.</param>
    /// <param name="words">Those it was made with.</param>
    /// <param name="notesOf">Finds the notes of a reading for which there was no room.</param>
    public LedgerValue ToValue(SqliteRegisterNames.Names register, SqliteWords words, Func<Guid, string?> notesOf) => new(
        Reading,
        register.SerialNumber,
        register.Label,
        Instants.FromUnixMicroseconds(At),
        ReadingLedgerSqlite.OfMillionths(value),
        register.UnitAt(At),
        consumption == Missing ? null : ReadingLedgerSqlite.OfMillionths(consumption),
        days == Missing ? null : ReadingLedgerSqlite.OfMillionths(days),
        words[quality]!,
        words[state]!,
        words[flags]!,
        words[source]!,
        verified,
        hasAgent ? agent : null,
        Instants.FromUnixMicroseconds(received),
        notes == SqliteWords.NoRoom ? notesOf(Reading) : words[notes]);

    private static long Optional(SqliteValue column) => column.IsNull ? Missing : column.Whole;
}
