using Dapper;
using MeterSync.Store.Blobs;
using Npgsql;

namespace MeterSync.Store.Backups;

/// <summary>The last steps of a restore: they may be cut off anywhere and be taken up again.</summary>
internal static class RestoreSwitch
{
    private const string AuditHead = BackupFormat.AuditHead;

    /// <summary>On SQLite. The database's log goes with it: SQLite would read an old log into a new database.</summary>
    private static readonly string[] Replaced = ["metersync.db", "metersync.db-wal", "metersync.db-shm", AuditHead];

    /// <summary>From any step on to the end.</summary>
    public static void Complete(RestoreJournal journal, DataDirectory data)
    {
        var (folder, aside) = (journal.FolderIn(data), journal.AsideIn(data));
        if (journal.Phase == RestorePhase.MovingAside)
        {
            BlobFolders.Make(aside);
            MoveAll(data.Path, aside);
            journal = journal with { Phase = RestorePhase.Placing };
            journal.Write(data);
        }

        MoveAll(folder, data.Path);
        if (Directory.Exists(aside) && !Directory.EnumerateFileSystemEntries(aside).Any())
        {
            Directory.Delete(aside);
        }

        journal.Close(data);
    }

    /// <summary>On PostgreSQL, where the commit decides: afterwards the file that says where the audit log ends follows the database.</summary>
    public static void FollowDatabase(RestoreJournal journal, DataDirectory data)
    {
        if (journal.Phase == RestorePhase.Placing)
        {
            journal.Close(data);
            return;
        }

        var (staged, place) = (Path.Combine(journal.FolderIn(data), AuditHead), Path.Combine(data.Path, AuditHead));
        if (File.Exists(staged))
        {
            Durable.Move(staged, place);
        }
        else if (!File.Exists(Path.Combine(journal.FolderIn(data), HeadPlaced)))
        {
            File.Delete(place);
        }

        // From here on the folder may go, in any order, and says nothing any more.
        (journal with { Phase = RestorePhase.Placing }).Write(data);
        journal.Close(data);
    }

    /// <summary>Stands in the folder where the backup has the file, which then is either beside it or already in its place.</summary>
    public const string HeadPlaced = "has-audit-head";

    public static async Task<bool> IsCommittedAsync(RestoreJournal journal, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass('store_epochs') is not null", cancellationToken: cancellationToken))
        && await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from store_epochs where id = @id)", new { id = journal.EpochId }, cancellationToken: cancellationToken));

    private static void MoveAll(string from, string to)
    {
        foreach (var name in Replaced)
        {
            var path = Path.Combine(from, name);
            if (File.Exists(path))
            {
                Durable.Move(path, Path.Combine(to, name));
            }
        }

        if (Directory.Exists(from))
        {
            FolderSync.Flush(from); // where it is gone, the restore was cut off while it was being closed
        }
    }
}
