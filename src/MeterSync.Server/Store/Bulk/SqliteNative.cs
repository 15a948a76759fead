using System.Runtime.InteropServices;

namespace MeterSync.Store.Bulk;

/// <summary>The few functions of SQLite that a bulk path calls millions of times. SQLitePCLRaw's own wrappers count a reference to the statement in each
/// call and change the thread's mode, which takes longer than the function; none of these waits for anything or calls back.</summary>
internal static unsafe partial class SqliteNative
{
    /// <summary>SQLite copies what it is given before the call returns (SQLITE_TRANSIENT).</summary>
    public const nint Copied = -1;

    private const string Library = "e_sqlite3"; // the one SQLitePCLRaw brings and has loaded

    [LibraryImport(Library, EntryPoint = "sqlite3_column_value")]
    [SuppressGCTransition]
    public static partial nint ColumnValue(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_type")]
    [SuppressGCTransition]
    public static partial int ValueType(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_int64")]
    [SuppressGCTransition]
    public static partial long ValueInt64(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_blob")]
    [SuppressGCTransition]
    public static partial byte* ValueBlob(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_bytes")]
    [SuppressGCTransition]
    public static partial int ValueBytes(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInt64(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double")]
    [SuppressGCTransition]
    public static partial int BindDouble(nint statement, int parameter, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    [SuppressGCTransition]
    public static partial int BindText(nint statement, int parameter, byte* utf8, int bytes, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    [SuppressGCTransition]
    public static partial int BindBlob(nint statement, int parameter, byte* value, int bytes, nint destructor);
}
