using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>A prepared statement that is run again and again, for one row or several, through SQLite's own functions: the ADO.NET command looks every parameter up by name at every
/// run, which costs more than the insert itself. Parameters are ?1, ?2 and so on. For one thread.</summary>
internal sealed unsafe class SqliteRowStatement : IDisposable
{
    private const int ShortText = 256;
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint handle;

    /// <exception cref="SqliteException">The statement is none.</exception>
    public SqliteRowStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
        handle = statement.DangerousGetHandle();
    }

    /// <exception cref="NotSupportedException">SQLite has no such value.</exception>
    public void Bind(int index, object? value)
    {
        switch (value)
        {
            case null:
                BindNull(index);
                break;
            case string text:
                Bind(index, text);
                break;
            case byte[] bytes:
                Bind(index, bytes);
                break;
            case long number:
                Bind(index, number);
                break;
            case int number:
                Bind(index, (long)number);
                break;
            case bool flag:
                Bind(index, flag ? 1L : 0L);
                break;
            case double number:
                Bind(index, number);
                break;
            default:
                throw new NotSupportedException($"A {value.GetType().Name} is not stored on SQLite as it is; the mapping lacks its conversion.");
        }
    }

    public void Bind(int index, long value) => Check(SqliteNative.BindInt64(handle, index, value));

    public void Bind(int index, double value) => Check(SqliteNative.BindDouble(handle, index, value));

    public void BindNull(int index) => Check(SqliteNative.BindNull(handle, index));

    /// <summary>Runs it with what was bound.</summary>
    /// <exception cref="SqliteException">A constraint refused a row, or the database cannot take it.</exception>
    public void Run()
    {
        var result = raw.sqlite3_step(statement);
        if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        Check(raw.sqlite3_reset(statement));
    }

    /// <summary>How many rows the last run changed.</summary>
    public int Changed => raw.sqlite3_changes(database);

    public void Dispose() => statement.Dispose();

    private void Bind(int index, string text)
    {
        Span<byte> room = stackalloc byte[ShortText * 3];
        var utf8 = text.Length <= ShortText ? room[..Encoding.UTF8.GetBytes(text, room)] : Encoding.UTF8.GetBytes(text);
        fixed (byte* first = utf8)
        {
            byte none;
            Check(SqliteNative.BindText(handle, index, first is null ? &none : first, utf8.Length, SqliteNative.Copied));
        }
    }

    /// <summary>An address even for no bytes: without one SQLite binds null.</summary>
    private void Bind(int index, byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            byte none;
            Check(SqliteNative.BindBlob(handle, index, first is null ? &none : first, bytes.Length, SqliteNative.Copied));
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, database);
        }
    }
}
