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
    private const int PartsAhead = 4;

    /// <summary>About 32 MB; those beyond are sorted in a file.</summary>
    private const int RowsInMemory = 262_144;

    /// <summary>A larger share of all readings is read as it lies and sorted: following the index on the instant costs a page a reading
    /// where a history came in meter by meter, up to ten times as much.</summary>
    private const double SortFrom = 1.0 / 8;

    /// <summary>For a larger share the values are not looked up reading by reading, but all gone through beside them.</summary>
    private const double MatchFrom = 1.0 / 2;

    private const string AsTheyLie = "indexed by sqlite_autoindex_readings_1";

    public override StoreProvider Provider => StoreProvider.Sqlite;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(StoreRegistration.SqliteConnectionString(data, options.Value));
        await connection.OpenAsync(cancellationToken);
        SqlitePragmas.Apply(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma temp_store=file; pragma cache_size=-16384"; // what is sorted may be larger than memory
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    /// <remarks>Reads columns where SQLite holds them and sorts them itself: the driver and SQLite's sorter cost three times as much for a million rows.</remarks>
    public override async IAsyncEnumerable<LedgerValue> ValuesAsync(DbCommand command, string onValues, string onReadings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One state of the database for the rows and for the names looked up after them.
        await using var transaction = ((SqliteConnection)command.Connection!).BeginTransaction(deferred: true);
        command.Transaction = transaction;
        var share = await ShareAsync(command, onReadings, cancellationToken);
        await using var values = share > MatchFrom ? command.Connection.CreateCommand() : null;
        if (values is not null)
        {
            command.CommandText = $"select {SqliteValueRow.ReadingColumns} from readings r {AsTheyLie} where {onReadings} order by r.id";
            values.CommandText = $"select v.reading_id, {SqliteValueRow.ValueColumns} from reading_values v where {onValues} order by v.reading_id, v.id";
            values.Transaction = transaction;
            values.CommandTimeout = command.CommandTimeout;
            values.Parameters.AddRange(command.Parameters.Cast<SqliteParameter>().Select(given => new SqliteParameter(given.ParameterName, given.Value)).ToArray());
        }
        else
        {
            // Cross joins keep the order of the walk: without them SQLite may begin at the values.
            command.CommandText = $"""
                select {SqliteValueRow.ReadingColumns}, {SqliteValueRow.ValueColumns}
                from readings r {(share > SortFrom ? AsTheyLie : "")} cross join reading_values v
                where v.reading_id = r.id and {onValues} and {onReadings} order by {(share > SortFrom ? "" : "r.reading_at, ")}r.id
                """;
        }

        using var sort = share > SortFrom ? new StableSort<SqliteValueRow>(data.Path, RowsInMemory) : null;
        var parts = Channel.CreateBounded<List<LedgerValue>>(new BoundedChannelOptions(PartsAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var walk = new SqliteValueWalk((SqliteCommand)command, (SqliteCommand?)values, sort, parts.Writer, new SqliteWords(SqliteValueRow.WordColumns));
        var walking = Task.Run(() => walk.RunAsync(stop.Token), CancellationToken.None);
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
            await walking;
        }
    }

    /// <summary>Of all readings, between 0 and 1.</summary>
    private static async Task<double> ShareAsync(DbCommand command, string onReadings, CancellationToken cancellationToken)
    {
        if (onReadings == ReadingLedger.Everything)
        {
            return 1;
        }

        command.CommandText = $"select (select count(*) from readings r where {onReadings}) * 1.0 / max(1, (select count(*) from readings))";
        return Convert.ToDouble(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public override string Aside(string column) => "+" + column;

    public override string BinaryOrder(string column) => column;

    public override string IdList(string parameter) => $"(select unhex(value) as id, key as place from json_each({parameter}))";

    public override object IdListValue(IEnumerable<Guid> ids) => new JsonArray([.. ids.Select(id => (JsonNode)Convert.ToHexString(id.ToByteArray(true)))]).ToJsonString();

    public override object Value(Guid id) => id.ToByteArray(true);

    public override object Value(DateTimeOffset instant) => instant.ToUnixMicroseconds();

    public override Guid Id(DbDataReader row, int column) => new SqliteRow(((SqliteDataReader)row).Handle!)[column].Id;

    public override DateTimeOffset Instant(DbDataReader row, int column) => Instants.FromUnixMicroseconds(row.GetInt64(column));

    public override decimal Number(DbDataReader row, int column) => OfMillionths(row.GetInt64(column));

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
