using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MeterSync.Store;

/// <summary>Every SQLite connection: fsync at each commit, foreign keys on, waits before it gives up.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // Each connection keeps its own pages, and the system keeps them once more: a small cache is enough. What is written again and again, as the ends of indexes are, goes to the
    // database file once in 16 MiB of log instead of once in 4.
    private const string Sql = "pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory; pragma cache_size=-8192; pragma wal_autocheckpoint=4096;";

    public static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }
}
