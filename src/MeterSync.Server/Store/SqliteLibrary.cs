using SQLitePCL;

namespace MeterSync.Store;

/// <summary>SQLite as a whole, before the process opens its first database.</summary>
internal static class SqliteLibrary
{
    private const int CountMemory = 9; // SQLITE_CONFIG_MEMSTATUS

    private static readonly Lazy<bool> Set = new(() =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(CountMemory, 0) == raw.SQLITE_OK;
    });

    /// <summary>Nobody asks SQLite how much memory it has, and counting takes a lock that all connections share at each allocation.
    /// False where a database was opened before: it counts then, which does no harm.</summary>
    public static bool SetUp() => Set.Value;
}
