using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>A prepared statement that is run once a row through SQLite's own functions: the ADO.NET command looks every parameter up by name at every
/// run, which costs more than the insert itself. Parameters are ?1, ?2 and so on.</summary>
internal sealed class SqliteRowStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <exception cref="SqliteException">The statement is none.</exception>
    public SqliteRowStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <exception cref="NotSupportedException">SQLite has no such value.</exception>
    public void Bind(int index, object? value) => Check(value switch
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
    });

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    /// <summary>Runs it with what was bound.</summary>
    /// <exception cref="SqliteException">A constraint refused the row, or the database cannot take it.</exception>
    public void Run()
    {
        var result = raw.sqlite3_step(statement);
        if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        Check(raw.sqlite3_reset(statement));
    }

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, database);
        }
    }
}
