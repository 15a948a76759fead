using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>One prepared statement, run once a row, through SQLite's own functions: the ADO.NET command looks every parameter up by name at every
/// run, which costs more than the insert itself.</summary>
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
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        using (statement)
        {
            var count = 0;
            foreach (var row in rows)
            {
                for (var index = 0; index < columns.Count; index++)
                {
                    Check(Bind(statement, index + 1, columns[index].ValueOf(row)), database);
                }

                var result = raw.sqlite3_step(statement);
                if (result != raw.SQLITE_DONE)
                {
                    Check(result, database);
                }

                Check(raw.sqlite3_reset(statement), database);
                if (++count % RowsBetweenCancellationChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            return Task.FromResult(count);
        }
    }

    private static int Bind(sqlite3_stmt statement, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        string text => raw.sqlite3_bind_text(statement, index, text),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        bool flag => raw.sqlite3_bind_int64(statement, index, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(statement, index, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new NotSupportedException($"A {value.GetType().Name} is not stored on SQLite as it is; the mapping lacks its conversion."),
    };

    /// <exception cref="SqliteException">The code is an error.</exception>
    private static void Check(int code, sqlite3 database)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, database);
        }
    }
}
