using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Store.Bulk;

/// <summary>Rows of mapped tables on PostgreSQL: binary COPY, and updates from arrays.</summary>
internal static class PostgresBulk
{
    private const int RowsAtATime = 5_000;

    public static Task<int> InsertAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class => CopyAsync((NpgsqlConnection)connection, table.Name, table.Columns, rows, cancellationToken);

    /// <summary>An array for each column, so that it takes one statement, whose text is the same for any number of rows, and no table.</summary>
    public static async Task<int> UpdateAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var names = string.Join(", ", table.Columns.Select(column => column.Name));
        var arrays = string.Join(", ", table.Columns.Select((column, index) => $"${index + 1}::{BaseTypeOf(column.StoreType)}[]"));
        var sets = string.Join(", ", table.Columns.Where(column => !column.IsKey).Select(column => $"{column.Name} = s.{column.Name}"));
        var keys = string.Join(" and ", table.Columns.Where(column => column.IsKey).Select(column => $"t.{column.Name} = s.{column.Name}"));
        var updated = 0;
        foreach (var part in rows.Chunk(RowsAtATime))
        {
            await using var command = new NpgsqlCommand($"update {table.Name} t set {sets} from unnest({arrays}) as s ({names}) where {keys}", (NpgsqlConnection)connection);
            foreach (var column in table.Columns)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = ValuesOf(column, part), DataTypeName = $"{BaseTypeOf(column.StoreType)}[]" });
            }

            updated += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return updated;
    }

    private static Array ValuesOf(BulkColumn column, object[] rows)
    {
        var stored = column.Property.GetTypeMapping().Converter?.ProviderClrType ?? column.Property.ClrType;
        var element = stored.IsValueType && Nullable.GetUnderlyingType(stored) is null ? typeof(Nullable<>).MakeGenericType(stored) : stored;
        var values = Array.CreateInstance(element, rows.Length);
        for (var index = 0; index < rows.Length; index++)
        {
            values.SetValue(column.ValueOf(rows[index]), index);
        }

        return values;
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
