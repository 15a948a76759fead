using System.Net.Sockets;
using MeterSync.Store.Blobs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Store;

/// <summary>Tells a database that cannot serve right now from a bug, and a lost race from both.</summary>
public static class StoreFaults
{
    // SQLITE_BUSY, LOCKED, READONLY, IOERR, CORRUPT is not here (waiting does not mend it), FULL, CANTOPEN.
    private static readonly int[] PassingSqliteCodes = [5, 6, 8, 10, 13, 14];

    // Connection lost, sign-in refused, out of resources, system error.
    private static readonly string[] PassingPostgresClasses = ["08", "28", "53", "58"];

    // Read-only (a standby), database gone or closed for now, shut down by its administrator. 55000 is also "database is not accepting connections".
    private static readonly string[] PassingPostgresStates = ["25006", "3D000", "55000", "57P01", "57P02", "57P03", "57P05"];

    /// <summary>The database is locked, full, gone or restarting: nothing was committed, trying later makes sense.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        StoreBusyException => true,
        BlobStoreException => true,
        SqliteException sqlite => PassingSqliteCodes.Contains(sqlite.SqliteErrorCode),
        PostgresException postgres => postgres.IsTransient || PassingPostgresClasses.Contains(postgres.SqlState[..2]) || PassingPostgresStates.Contains(postgres.SqlState),
        NpgsqlException => true,
        SocketException => true,
        TimeoutException => true,
        IOException io => IsDiskFull(io),
        DbUpdateConcurrencyException => false,
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    /// <summary>A unique index or foreign key refused the row.</summary>
    public static bool IsConflict(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == 19,
        PostgresException postgres => postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        { InnerException: { } inner } => IsConflict(inner),
        _ => false,
    };

    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) == 28 || exception.Message.Contains("No space left", StringComparison.Ordinal);
}
