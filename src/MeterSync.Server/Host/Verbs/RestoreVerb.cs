using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MeterSync.Store;
using MeterSync.Store.Backups;
using Npgsql;

namespace MeterSync.Host.Verbs;

/// <summary>metersync restore FILE: puts a backup into place, and begins a new epoch so that phones push again what was lost since.</summary>
internal static class RestoreVerb
{
    public static Command Command()
    {
        var file = new Argument<string>("FILE") { Description = "Backup to restore" };
        var replace = new Option<bool>("--replace") { Description = "Replace the data that are here" };
        var check = new Option<bool>("--check") { Description = "Only say whether the file is whole and what is in it" };
        var command = new Command("restore", "Put a backup into place, with the server stopped (docs/operations.md)") { file, replace, check };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var data = CommonOptions.DataOf(parsed);
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (!File.Exists(path))
            {
                throw new VerbException(ExitCode.Usage, VerbProblem.File, $"There is no file {path}.");
            }

            if (parsed.GetValue(check))
            {
                TellContents(output, await VerifyAsync(path, output, cancellationToken));
                return ExitCode.Done;
            }

            await using var installation = StoreOfVerb.Open(data, CommonOptions.SettingsOf(parsed));
            data.Create();
            using var owner = TakeData(installation, data);
            using var turn = DataLock.TryTakeForBackup(data)
                ?? throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, $"Another backup or restore of {data.Path} is under way. Try again when it is done.");
            await using var alone = await TakeDatabaseAsync(installation, cancellationToken);
            var backup = await VerifyAsync(path, output, cancellationToken);
            var run = installation.Get<RestoreRun>();
            run.RequireFitting(backup.Manifest);
            RequireSpace(installation, data, backup);
            await installation.Get<RestoreSettlement>().SettleAsync(cancellationToken);
            var done = await VerbProgress.ShowAsync(output, "Restoring", report => run.RunAsync(backup, alone, new RestoreRequest(parsed.GetValue(replace)), report, cancellationToken));
            Tell(output, backup, done);
            return ExitCode.Done;
        });
        return command;
    }

    private static Task<BackupFile> VerifyAsync(string path, VerbOutput output, CancellationToken cancellationToken) =>
        VerbProgress.ShowAsync(output, "Checking the file", report => BackupFile.VerifyAsync(path, done => report("Checking the file", done), cancellationToken));

    /// <summary>Null on PostgreSQL.</summary>
    private static IDisposable? TakeData(StoreOfVerb installation, DataDirectory data) => installation.Provider == StoreProvider.Postgres
        ? null
        : DataLock.TryTake(data) ?? throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, $"A server or another metersync works on {data.Path}. Stop it first.");

    /// <summary>Null on SQLite.</summary>
    private static async Task<NpgsqlConnection?> TakeDatabaseAsync(StoreOfVerb installation, CancellationToken cancellationToken) => installation.Provider == StoreProvider.Sqlite
        ? null
        : await ServingLock.TakeAloneAsync(installation.Options, cancellationToken) ?? throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, "A server or another metersync works on the database. Stop all of them first, on every machine.");

    private static void RequireSpace(StoreOfVerb installation, DataDirectory data, BackupFile backup)
    {
        var needed = installation.Provider == StoreProvider.Sqlite ? backup.Manifest.DatabaseBytes : 0;
        var free = new DriveInfo(data.Path).AvailableFreeSpace;
        if (free < needed)
        {
            throw new VerbException(ExitCode.Refused, VerbProblem.File, $"{data.Path} has {free / 1024 / 1024} MiB free, and the database alone takes {needed / 1024 / 1024} MiB. Nothing was changed; make room.");
        }
    }

    private static void TellContents(VerbOutput output, BackupFile backup)
    {
        var (manifest, contents) = (backup.Manifest, backup.Contents);
        output.Result(
            new JsonObject
            {
                ["whole"] = true,
                ["id"] = manifest.Id,
                ["taken_at"] = manifest.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
                ["version"] = manifest.Version,
                ["provider"] = manifest.Provider,
                ["epoch"] = manifest.Epoch,
                ["bytes"] = backup.Bytes,
                ["tables"] = new JsonObject(manifest.Tables.Select(table => KeyValuePair.Create(table.Name, (JsonNode?)table.Rows))),
                ["has_files"] = manifest.HasFiles,
                ["stored_files"] = contents.FileCount,
                ["stored_file_bytes"] = contents.FileBytes,
                ["damaged_files"] = contents.DamagedFiles.Count,
                ["missing_files"] = contents.MissingFiles.Count,
            },
            $"{backup.Path} is whole: a {manifest.Provider} database of {manifest.CreatedAt.ToString("u", CultureInfo.InvariantCulture)}, epoch {manifest.Epoch}, made by MeterSync {manifest.Version}; {manifest.Tables.Sum(table => table.Rows)} rows and {(manifest.HasFiles ? $"{contents.FileCount} stored files" : "no stored files")}.");
    }

    private static void Tell(VerbOutput output, BackupFile backup, RestoreDone done)
    {
        var lines = new List<string>
        {
            $"The data are those of {backup.Manifest.CreatedAt.ToString("u", CultureInfo.InvariantCulture)}. Epoch {done.Epoch} begins: at their next contact phones push again what the data lost since then.",
        };
        if (done.Applied.Count > 0)
        {
            lines.Add($"The backup was older than this program; {string.Join(", ", done.Applied)} was applied.");
        }

        if (done.Aside is { } aside)
        {
            lines.Add($"The old database is in {aside}. Delete it when you are sure.");
        }

        if (backup.Contents.DamagedFiles.Count + backup.Contents.MissingFiles.Count is > 0 and var lost)
        {
            lines.Add($"{lost} stored files were missing or damaged when the backup was made, and are not in it.");
        }

        if (!backup.Manifest.HasFiles)
        {
            lines.Add("The backup has no stored files: photos are there as far as the storage still has them.");
        }

        output.Result(
            new JsonObject
            {
                ["taken_at"] = backup.Manifest.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
                ["epoch"] = done.Epoch,
                ["aside"] = done.Aside,
                ["applied"] = new JsonArray([.. done.Applied.Select(name => (JsonNode)name)]),
                ["stored_files"] = backup.Contents.FileCount,
            },
            lines);
    }
}
