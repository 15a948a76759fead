using System.Data.Common;
using MeterSync.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace MeterSync.Store;

/// <summary>Connections past EF, for the server's own work on one table.</summary>
internal sealed class StoreConnections(PostgresSource postgres, DataDirectory data, IOptions<StoreOptions> options)
{
    public bool IsSqlite => postgres.Source is null;

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (postgres.Source is { } source)
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(StoreRegistration.SqliteConnectionString(data, options.Value));
        await connection.OpenAsync(cancellationToken);
        SqlitePragmas.Apply(connection);
        return connection;
    }

    /// <summary>An id as the driver takes it.</summary>
    public object Stored(Guid id) => IsSqlite ? id.ToByteArray(true) : id;

    /// <summary>An instant, likewise.</summary>
    public object Stored(DateTimeOffset instant) => IsSqlite ? instant.ToUnixMicroseconds() : instant.UtcDateTime;
}
