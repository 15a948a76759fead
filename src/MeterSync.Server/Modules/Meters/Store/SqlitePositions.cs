using Dapper;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace MeterSync.Modules.Meters.Store;

/// <summary>The R*Tree of service points' positions while many of them come in: its triggers stand still, and what came is added at the end, packed where
/// that is less work than row by row. PostgreSQL's index needs none of this; there nothing happens.</summary>
internal sealed class SqlitePositions(MeterSyncDb db)
{
    /// <summary>Adding a row to the tree costs about as much as packing this many.</summary>
    private const int PackedRowsPerAdded = 12;

    /// <summary>Below this many new rows nothing is worth packing.</summary>
    private const int FewRows = 200;

    private const int EnableTrigger = 1003; // SQLITE_DBCONFIG_ENABLE_TRIGGER

    private long? before;

    /// <summary>Until it is disposed, new points do not reach the tree. Needs a transaction, and <see cref="FillAsync"/> before it is committed.</summary>
    public async Task<IDisposable?> PauseAsync()
    {
        if (!db.IsSqlite)
        {
            return null;
        }

        before ??= await Connection.ExecuteScalarAsync<long>("select coalesce(max(row_id), 0) from service_points");
        return new Pause(Connection.Handle!);
    }

    /// <summary>Brings the points made since the first pause into the tree.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        if (before is not { } last)
        {
            return;
        }

        before = null;
        var (fresh, all) = await Connection.QuerySingleAsync<(long Fresh, long All)>("select count(*) filter (where row_id > @last), count(*) from service_points where latitude is not null", new { last });
        if (fresh > FewRows && fresh * PackedRowsPerAdded > all)
        {
            var points = await Connection.QueryAsync<PackedPosition>(new CommandDefinition("select row_id as RowId, latitude as Latitude, longitude as Longitude from service_points where latitude is not null", cancellationToken: cancellationToken));
            await WriteAsync(points.AsList());
        }
        else if (fresh > 0)
        {
            await Connection.ExecuteAsync("insert into service_point_positions select row_id, latitude, latitude, longitude, longitude from service_points where row_id > @last and latitude is not null", new { last });
        }
    }

    private SqliteConnection Connection => (SqliteConnection)db.Database.GetDbConnection();

    /// <summary>Puts a packed tree in the place of the present one, by way of the tables it is kept in.</summary>
    private async Task WriteAsync(List<PackedPosition> points)
    {
        var nodeBytes = await Connection.ExecuteScalarAsync<int>("select length(data) from service_point_positions_node where nodeno = 1");
        var tree = PackedPositions.Pack(points, nodeBytes);
        await Connection.ExecuteAsync("delete from service_point_positions_rowid; delete from service_point_positions_parent; delete from service_point_positions_node");
        Insert("service_point_positions_node", ["nodeno", "data"], tree.Nodes, (row, place, node) => row.Bind(place, node));
        Insert("service_point_positions_parent", ["nodeno", "parentnode"], tree.Parents, (row, place, parent) => row.Bind(place, parent));
        Insert("service_point_positions_rowid", ["rowid", "nodeno"], tree.Leaves, (row, place, leaf) => row.Bind(place, leaf));
    }

    private void Insert<T>(string table, string[] columns, IEnumerable<(long Key, T Value)> rows, Action<SqliteRowStatement, int, T> bind) =>
        new SqliteInsert<(long Key, T Value)>(table, columns, (row, statement, place) =>
        {
            statement.Bind(place, row.Key);
            bind(statement, place + 1, row.Value);
        }).Run(Connection, rows, CancellationToken.None);

    private sealed class Pause : IDisposable
    {
        private readonly sqlite3 database;

        public Pause(sqlite3 database)
        {
            this.database = database;
            Set(false);
        }

        public void Dispose() => Set(true);

        private void Set(bool on)
        {
            if (raw.sqlite3_db_config(database, EnableTrigger, on ? 1 : 0, out var now) is var code && (code != raw.SQLITE_OK || now != (on ? 1 : 0)))
            {
                throw new InvalidOperationException($"SQLite did not turn its triggers {(on ? "on" : "off")} (code {code}).");
            }
        }
    }
}
