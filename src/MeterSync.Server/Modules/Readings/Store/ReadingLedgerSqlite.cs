using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace MeterSync.Modules.Readings.Store;

/// <summary>SQLite: ids are 16 bytes big-endian, instants microseconds, numbers millionths.</summary>
internal sealed class ReadingLedgerSqlite(DataDirectory data, IOptions<StoreOptions> options) : ReadingLedgerSource
{
    private const int IdBytes = 16;
    private const int PartValues = 64;
    private const int PartsAhead = 4;

    /// <summary>From one matching reading in so many on, all are read as they lie and sorted: following the index on the instant costs a page a reading
    /// where a history came in meter by meter, up to ten times as much.</summary>
    private const int SortFrom = 8;

    private const string AsTheyLie = "indexed by sqlite_autoindex_readings_1";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(StoreRegistration.SqliteConnectionString(data, options.Value));
        await connection.OpenAsync(cancellationToken);
        SqlitePragmas.Apply(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma temp_store=file; pragma threads=1; pragma cache_size=-16384"; // what is sorted may be larger than memory; another core sorts what this one has read
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    /// <remarks>Reads columns where SQLite holds them: going through the driver costs twice the time for a million rows.</remarks>
    public override async IAsyncEnumerable<LedgerValue> ValuesAsync(DbCommand command, string onValues, string onReadings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sorts = await MatchesManyAsync(command, onReadings, cancellationToken);
        // Cross joins keep the order of the walk: without them SQLite may begin at the values.
        command.CommandText = $"""
            select r.id, r.reading_at, r.received_at, r.verified_at, r.agent_id, r.source, r.notes, v.register_id, v.value, v.consumption, v.days, v.quality, v.state, v.flags
            from readings r {(sorts ? AsTheyLie : "")} cross join reading_values v
            where v.reading_id = r.id and {onValues} and {onReadings} order by r.reading_at, r.id
            """;
        var parts = Channel.CreateBounded<List<LedgerValue>>(new BoundedChannelOptions(PartsAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync((SqliteCommand)command, parts.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (var value in part)
                {
                    yield return value;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>Reads ahead of whoever takes the values: SQLite and what is made of its rows each have a core. What goes wrong reaches the taker.</summary>
    private static async Task ReadAsync(SqliteCommand command, ChannelWriter<List<LedgerValue>> parts, CancellationToken cancellationToken)
    {
        try
        {
            // The first row of a sorted walk comes when all have been read: only an interrupt ends it before.
            await using var interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(command.Connection!.Handle));
            using var registers = new SqliteRegisterNames(command.Connection!);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var row = new SqliteRow(reader.Handle!);
            var words = new SqliteWords(14);
            List<(int Ordinal, LedgerValue Value)> visit = [];
            var part = new List<LedgerValue>(PartValues);
            while (reader.Read())
            {
                var next = Read(row, registers, words);
                if (visit.Count > 0 && visit[0].Value.ReadingId != next.Value.ReadingId)
                {
                    part.AddRange(visit.Select(other => other.Value));
                    visit.Clear();
                    if (part.Count >= PartValues)
                    {
                        await parts.WriteAsync(part, cancellationToken);
                        part = new List<LedgerValue>(PartValues);
                    }
                }

                visit.Insert(visit.FindLastIndex(other => other.Ordinal <= next.Ordinal) + 1, next);
            }

            part.AddRange(visit.Select(other => other.Value));
            await parts.WriteAsync(part, cancellationToken);
            parts.Complete();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            parts.Complete(new OperationCanceledException(exception.Message, exception, cancellationToken));
        }
        catch (Exception exception)
        {
            parts.Complete(exception);
        }
    }

    private static async Task<bool> MatchesManyAsync(DbCommand command, string onReadings, CancellationToken cancellationToken)
    {
        command.CommandText = $"select (select count(*) from readings r where {onReadings}) * {SortFrom} > (select count(*) from readings)";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) != 0;
    }

    public override string Aside(string column) => "+" + column;

    public override string BinaryOrder(string column) => column;

    public override string IdList(string parameter) => $"(select unhex(value) as id, key as place from json_each({parameter}))";

    public override object IdListValue(IEnumerable<Guid> ids) => new JsonArray([.. ids.Select(id => (JsonNode)Convert.ToHexString(id.ToByteArray(true)))]).ToJsonString();

    public override object Value(Guid id) => id.ToByteArray(true);

    public override object Value(DateTimeOffset instant) => instant.ToUnixMicroseconds();

    public override Guid Id(DbDataReader row, int column) => IdOf(new SqliteRow(((SqliteDataReader)row).Handle!), column);

    public override DateTimeOffset Instant(DbDataReader row, int column) => Instants.FromUnixMicroseconds(row.GetInt64(column));

    public override decimal Number(DbDataReader row, int column) => OfMillionths(row.GetInt64(column));

    private static (int Ordinal, LedgerValue Value) Read(SqliteRow row, SqliteRegisterNames registers, SqliteWords words)
    {
        var at = row.Whole(1);
        var register = registers.Of(IdOf(row, 7));
        return (register.Ordinal, new LedgerValue(
            IdOf(row, 0),
            register.SerialNumber,
            register.Label,
            Instants.FromUnixMicroseconds(at),
            OfMillionths(row.Whole(8)),
            register.UnitAt(at),
            OptionalNumber(row, 9),
            OptionalNumber(row, 10),
            words.Of(row, 11)!,
            words.Of(row, 12)!,
            words.Of(row, 13)!,
            words.Of(row, 5)!,
            !row.IsNull(3),
            row.IsNull(4) ? null : IdOf(row, 4),
            Instants.FromUnixMicroseconds(row.Whole(2)),
            words.Of(row, 6)));
    }

    private static decimal? OptionalNumber(SqliteRow row, int column) => row.IsNull(column) ? null : OfMillionths(row.Whole(column));

    private static Guid IdOf(SqliteRow row, int column)
    {
        var bytes = row.Bytes(column);
        return bytes.Length == IdBytes ? new Guid(bytes, bigEndian: true) : throw new InvalidDataException($"Column {column} holds {bytes.Length} bytes where an id was expected.");
    }

    /// <summary>12500000 is 12.5, without zeros at the end.</summary>
    internal static decimal OfMillionths(long millionths)
    {
        var magnitude = (ulong)Math.Abs(millionths);
        byte scale = 6;
        while (scale > 0 && magnitude % 10 == 0)
        {
            magnitude /= 10;
            scale--;
        }

        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, millionths < 0, scale);
    }
}
