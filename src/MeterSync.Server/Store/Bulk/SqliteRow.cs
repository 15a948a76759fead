using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>The row a statement stands at, read where SQLite holds it: a million rows of a dozen columns are thirty million calls.</summary>
/// <remarks>The statement must be kept alive by the caller while this is used.</remarks>
internal readonly unsafe struct SqliteRow(sqlite3_stmt statement)
{
    private readonly nint statement = statement.DangerousGetHandle();

    public bool IsNull(int column) => SqliteNative.ColumnType(statement, column) == raw.SQLITE_NULL;

    /// <summary>0 for null.</summary>
    public long Whole(int column) => SqliteNative.ColumnInt64(statement, column);

    /// <summary>The bytes of a blob or, as UTF-8, of a text; empty for null. Good until the statement steps.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var first = SqliteNative.ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(first, SqliteNative.ColumnBytes(statement, column));
    }
}
