using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MeterSync.Store.Bulk;

/// <summary>Rows of mapped tables on SQLite.</summary>
internal static class SqliteBulk
{
    private const int RowsBetweenCancellationChecks = 1024;

    public static Task<int> InsertAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var columns = Columns<TEntity>.Of(table);
        var insert = new SqliteInsert<TEntity>(table.Name, [.. table.Columns.Select(column => column.Name)], (row, statement, place) => Bind(columns, row, statement, place));
        return Task.FromResult(insert.Run((SqliteConnection)connection, rows, cancellationToken));
    }

    public static Task<int> UpdateAsync<TEntity>(DbConnection connection, BulkTable table, IEnumerable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        var indexed = table.Columns.Select((column, index) => (Column: column, Assignment: $"{column.Name} = ?{index + 1}")).ToList();
        var sets = string.Join(", ", indexed.Where(pair => !pair.Column.IsKey).Select(pair => pair.Assignment));
        var keys = string.Join(" and ", indexed.Where(pair => pair.Column.IsKey).Select(pair => pair.Assignment));
        using var statement = new SqliteRowStatement((SqliteConnection)connection, $"update {table.Name} set {sets} where {keys}");
        var columns = Columns<TEntity>.Of(table);
        var count = 0;
        foreach (var row in rows)
        {
            Bind(columns, row, statement, 1);
            statement.Run();
            if (++count % RowsBetweenCancellationChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return Task.FromResult(count);
    }

    private static void Bind<TEntity>(SqliteColumn<TEntity>[] columns, TEntity row, SqliteRowStatement statement, int place)
        where TEntity : class
    {
        foreach (var column in columns)
        {
            column.Bind(row, statement, place++);
        }
    }

    private static class Columns<TEntity>
        where TEntity : class
    {
        private static readonly ConcurrentDictionary<string, SqliteColumn<TEntity>> Known = new();

        public static SqliteColumn<TEntity>[] Of(BulkTable table) => [.. table.Columns.Select(column => Known.GetOrAdd(column.Name, static (_, property) => SqliteColumn<TEntity>.Of(property), column.Property))];
    }
}
