using Dapper;
using MeterSync.Store.Schema;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeterSync.Store.Backups;

/// <summary>A copy of the SQLite file as of one moment. Whoever writes meanwhile waits for nothing: the copy reads from a transaction that sees its own moment.</summary>
internal static class SqliteSnapshot
{
    private const int PagesAtOnce = 2_000;

    /// <param name="source">The database, which a server may have open.</param>
    /// <param name="target">Made anew, for its owner only.</param>
    /// <param name="report">Told how far it is, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two lots of pages.</param>
    public static void Take(string source, string target, Action<double> report, CancellationToken cancellationToken)
    {
        Durable.New(target).Dispose();
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(target, SqliteOpenMode.ReadWrite);
        to.Execute("pragma journal_mode=off; pragma synchronous=off");

        // Left to itself the copy would begin anew with each commit of somebody else.
        from.Execute("begin deferred");
        from.ExecuteScalar<long>("select count(*) from sqlite_master");
        using var backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        if (backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(to.Handle), to.Handle);
        }

        int step;
        while ((step = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report(1 - ((double)raw.sqlite3_backup_remaining(backup) / Math.Max(1, raw.sqlite3_backup_pagecount(backup))));
        }

        if (step != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(step, to.Handle);
        }
    }

    /// <summary>What is in a file that nobody changes.</summary>
    /// <exception cref="RestoreRefusedException">It is damaged.</exception>
    public static SnapshotFacts Examine(string file)
    {
        using var connection = Open(new Uri(file).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);
        var fault = connection.ExecuteScalar<string>("pragma quick_check(1)");
        if (fault != "ok")
        {
            throw new RestoreRefusedException($"The database is damaged: {fault} A backup of it would be as damaged; run metersync doctor, and restore the last good backup.");
        }

        var schema = connection.Query<(int Number, string Name, string Checksum)>("select number, name, checksum from schema_migrations order by number").Select(row => new SchemaStep(row.Number, row.Name, row.Checksum)).ToList();
        var there = connection.Query<string>("select name from sqlite_master where type = 'table'").ToHashSet(StringComparer.Ordinal);
        var tables = SchemaTables.Of(StoreProvider.Sqlite, schema).Where(there.Contains).Select(table => new BackupTable(table, connection.ExecuteScalar<long>($"select count(*) from {table}"), [])).ToList();
        var (epoch, id) = connection.QuerySingle<(long, byte[])>("select number, id from store_epochs order by number desc limit 1");
        var used = there.Contains(SnapshotFacts.UsedFilesTable) ? connection.Query<byte[]>(SnapshotFacts.UsedFilesSql) : [];
        return new SnapshotFacts(schema, tables, (int)epoch, new Guid(id, bigEndian: true), new FileInfo(file).Length, [.. used.Select(Convert.ToHexStringLower)]);
    }

    private static SqliteConnection Open(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}

/// <summary>What a snapshot holds, for the manifest.</summary>
/// <param name="UsedFiles">Hashes of the stored files that its rows use.</param>
internal sealed record SnapshotFacts(IReadOnlyList<SchemaStep> Schema, IReadOnlyList<BackupTable> Tables, int Epoch, Guid EpochId, long Bytes, IReadOnlyList<string> UsedFiles)
{
    public const string UsedFilesTable = "blobs";
    public const string UsedFilesSql = "select sha256 from blobs where uses > 0";
}
