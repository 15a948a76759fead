using System.Runtime.InteropServices;
using SQLitePCL;

namespace MeterSync.Store.Bulk;

/// <summary>The row a statement stands at, read where SQLite holds it. A million rows of a dozen columns are thirty million calls: the library's
/// wrappers count a reference to the statement in each, which takes longer than the call.</summary>
/// <remarks>The statement must be kept alive by the caller while this is used.</remarks>
internal readonly unsafe partial struct SqliteRow(sqlite3_stmt statement)
{
    private const string Library = "e_sqlite3"; // the one SQLitePCLRaw brings and has loaded
    private readonly nint statement = statement.DangerousGetHandle();

    public bool IsNull(int column) => ColumnType(statement, column) == raw.SQLITE_NULL;

    /// <summary>0 for null.</summary>
    public long Whole(int column) => ColumnInt64(statement, column);

    /// <summary>The bytes of a blob or, as UTF-8, of a text; empty for null. Good until the statement steps.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var first = ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(first, ColumnBytes(statement, column));
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    private static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    private static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    private static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    private static partial int ColumnBytes(nint statement, int column);
}
