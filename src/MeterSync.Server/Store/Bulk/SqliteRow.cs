using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>The row a statement stands at, read where SQLite holds it: a million rows of a dozen columns are thirty million calls.</summary>
/// <remarks>The statement must be kept alive by the caller while this is used, and its connection be used by one thread: of a value SQLite asks for no lock.</remarks>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    private readonly nint statement = statement.DangerousGetHandle();

    public SqliteValue this[int column] => new(SqliteNative.ColumnValue(statement, column));
}

/// <summary>One column of a <see cref="SqliteRow"/>; good until the statement steps.</summary>
internal readonly unsafe struct SqliteValue(nint value)
{
    public bool IsNull => SqliteNative.ValueType(value) == raw.SQLITE_NULL;

    /// <summary>0 for null.</summary>
    public long Whole => SqliteNative.ValueInt64(value);

    /// <summary>The bytes of a blob or, as UTF-8, of a text; empty for null. Good until the statement steps.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            var first = SqliteNative.ValueBlob(value);
            return new ReadOnlySpan<byte>(first, SqliteNative.ValueBytes(value));
        }
    }

    /// <summary>A blob of 16 bytes, big-endian.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public Guid Id
    {
        get
        {
            var bytes = Bytes;
            return bytes.Length == sizeof(Guid) ? new Guid(bytes, bigEndian: true) : throw new InvalidDataException($"The database holds {bytes.Length} bytes where an id was expected.");
        }
    }
}
