using System.Data;
using Dapper;
using Npgsql;

namespace MeterSync.Store.Backups;

/// <summary>The product's tables as of one moment, from one transaction that holds up nobody.</summary>
internal sealed class PostgresSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>Begins the moment.</summary>
    public static async Task<PostgresSnapshot> BeginAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await connection.ExecuteAsync("set transaction read only", transaction: transaction);
            return new PostgresSnapshot(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Null where the product has no schema here.</summary>
    public async Task<SnapshotFacts?> ExamineAsync(CancellationToken cancellationToken)
    {
        if (!await connection.ExecuteScalarAsync<bool>(Of("select to_regclass('schema_migrations') is not null", cancellationToken)))
        {
            return null;
        }

        var schema = (await connection.QueryAsync<(int Number, string Name, string Checksum)>(Of("select number, name, checksum from schema_migrations order by number", cancellationToken)))
            .Select(row => new SchemaStep(row.Number, row.Name, row.Checksum)).ToList();
        var tables = new List<BackupTable>();
        foreach (var table in SchemaTables.Of(StoreProvider.Postgres, schema))
        {
            var columns = await PostgresCatalog.ColumnsAsync(connection, table, cancellationToken);
            if (columns.Count > 0)
            {
                tables.Add(new BackupTable(table, await connection.ExecuteScalarAsync<long>(Of($"select count(*) from {table}", cancellationToken)), columns));
            }
        }

        var (epoch, id) = await connection.QuerySingleAsync<(int, Guid)>(Of("select number, id from store_epochs order by number desc limit 1", cancellationToken));
        var bytes = await connection.ExecuteScalarAsync<long>(Of("select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint from unnest(@tables) name", cancellationToken, new { tables = tables.Select(table => table.Name).ToArray() }));
        var used = tables.Exists(table => table.Name == SnapshotFacts.UsedFilesTable) ? await connection.QueryAsync<byte[]>(Of(SnapshotFacts.UsedFilesSql, cancellationToken)) : [];
        return new SnapshotFacts(schema, tables, epoch, id, bytes, [.. used.Select(Convert.ToHexStringLower)]);
    }

    /// <summary>A table's rows in the form that <c>copy ... from stdin (format binary)</c> takes.</summary>
    public async Task CopyAsync(BackupTable table, Stream target, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table.Name} ({string.Join(", ", table.Columns)}) to stdout (format binary)", cancellationToken);
        await rows.CopyToAsync(target, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private CommandDefinition Of(string sql, CancellationToken cancellationToken, object? parameters = null) =>
        new(sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken);
}
