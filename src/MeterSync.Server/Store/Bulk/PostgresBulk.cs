using System.Data.Common;
using Dapper;
using Npgsql;

namespace MeterSync.Store.Bulk;

/// <summary>Binary COPY; updates go through a temporary table and one statement.</summary>
internal static class PostgresBulk
{
    public static Task<int> InsertAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class => CopyAsync((NpgsqlConnection)connection, table.Name, table.Columns, rows, cancellationToken);

    public static async Task<int> UpdateAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var staging = $"bulk_{table.Name}";
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        await connection.ExecuteAsync($"drop table if exists pg_temp.{staging}; create temporary table {staging} on commit drop as select {columns} from {table.Name} with no data");
        await CopyAsync((NpgsqlConnection)connection, staging, table.Columns, rows, cancellationToken);
        var sets = string.Join(", ", table.Columns.Where(column => !column.IsKey).Select(column => $"{column.Name} = s.{column.Name}"));
        var keys = string.Join(" and ", table.Columns.Where(column => column.IsKey).Select(column => $"t.{column.Name} = s.{column.Name}"));
        var updated = await connection.ExecuteAsync($"update {table.Name} t set {sets} from {staging} s where {keys}");
        await connection.ExecuteAsync($"drop table {staging}");
        return updated;
    }

    private static async Task<int> CopyAsync<TEntity>(NpgsqlConnection connection, string table, IReadOnlyList<BulkColumn> columns, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var types = columns.Select(column => BaseTypeOf(column.StoreType)).ToArray();
        await using var writer = await connection.BeginBinaryImportAsync($"copy {table} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancellationToken);
            for (var index = 0; index < types.Length; index++)
            {
                if (columns[index].ValueOf(row) is { } value)
                {
                    await writer.WriteAsync(value, types[index], cancellationToken);
                }
                else
                {
                    await writer.WriteNullAsync(cancellationToken);
                }
            }
        }

        return (int)await writer.CompleteAsync(cancellationToken);
    }

    /// <summary><c>numeric(18,6)</c> is <c>numeric</c> to the wire.</summary>
    private static string BaseTypeOf(string storeType) => storeType.Split('(')[0];
}
