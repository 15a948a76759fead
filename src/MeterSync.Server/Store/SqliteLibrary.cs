using SQLitePCL;

namespace MeterSync.Store;

/// <summary>SQLite as a whole, before the process opens its first database.</summary>
internal static class SqliteLibrary
{
    private const int CountMemory = 9; // SQLITE_CONFIG_MEMSTATUS

    private static int done;

    /// <summary>Nobody asks SQLite how much memory it has, and counting takes a lock that all connections share at each allocation.
    /// Where a database was opened before, SQLite refuses the change and counts on, which does no harm.</summary>
    public static void SetUp()
    {
        if (Interlocked.Exchange(ref done, 1) == 0)
        {
            Batteries_V2.Init();
            _ = raw.sqlite3_config(CountMemory, 0);
        }
    }
}
