using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MeterSync.Store.Bulk;

/// <summary>One prepared statement, run once a row.</summary>
internal static class SqliteBulk
{
    private const int RowsBetweenCancellationChecks = 1024;

    public static Task<int> InsertAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var sql = $"insert into {table.Name} ({string.Join(", ", table.Columns.Select(column => column.Name))}) values ({string.Join(", ", table.Columns.Select((_, index) => $"?{index + 1}"))})";
        return RunAsync((SqliteConnection)connection, sql, table.Columns, rows, cancellationToken);
    }

    public static Task<int> UpdateAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var indexed = table.Columns.Select((column, index) => (Column: column, Assignment: $"{column.Name} = ?{index + 1}")).ToList();
        var sets = string.Join(", ", indexed.Where(pair => !pair.Column.IsKey).Select(pair => pair.Assignment));
        var keys = string.Join(" and ", indexed.Where(pair => pair.Column.IsKey).Select(pair => pair.Assignment));
        return RunAsync((SqliteConnection)connection, $"update {table.Name} set {sets} where {keys}", table.Columns, rows, cancellationToken);
    }

    private static Task<int> RunAsync<TEntity>(SqliteConnection connection, string sql, IReadOnlyList<BulkColumn> columns, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        using var statement = new SqliteRowStatement(connection, sql);
        var count = 0;
        foreach (var row in rows)
        {
            for (var index = 0; index < columns.Count; index++)
            {
                statement.Bind(index + 1, columns[index].ValueOf(row));
            }

            statement.Run();
            if (++count % RowsBetweenCancellationChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return Task.FromResult(count);
    }
}
