using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MeterSync.Host.Health;
using MeterSync.Store;
using MeterSync.Store.Backups;
using Microsoft.Data.Sqlite;

namespace MeterSync.Host.Verbs;

/// <summary>metersync backup FILE: database, keys and stored files in one file, while servers go on.</summary>
internal static class BackupVerb
{
    private const int SqliteFull = 13;

    public static Command Command()
    {
        var file = new Argument<string>("FILE") { Description = "File to write" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        var withoutFiles = new Option<bool>("--without-files") { Description = "Leave photos and other stored files out, where something else keeps them" };
        var command = new Command("backup", "Write the database, its keys and the stored files to one file, while the server runs (docs/operations.md)") { file, force, withoutFiles };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var data = CommonOptions.DataOf(parsed);
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var request = new BackupRequest(path, !parsed.GetValue(withoutFiles), ProgramVersion.Text);
            RequireTarget(path, parsed.GetValue(force));
            await using var installation = StoreOfVerb.Open(data, CommonOptions.SettingsOf(parsed));
            RequireData(installation, data);
            using var turn = DataLock.TryTakeForBackup(data)
                ?? throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, $"Another backup or restore of {data.Path} is under way. Try again when it is done.");
            RequireSpace(installation, data, path);
            var made = await MakeAsync(installation, request, output, cancellationToken);
            Tell(output, path, made);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<BackupMade> MakeAsync(StoreOfVerb installation, BackupRequest request, VerbOutput output, CancellationToken cancellationToken)
    {
        try
        {
            return await VerbProgress.ShowAsync(output, "Backing up", report => installation.Get<BackupRun>().MakeAsync(request, report, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException { SqliteErrorCode: SqliteFull })
        {
            throw new VerbException(ExitCode.Refused, VerbProblem.File, $"The backup was not made: {exception.Message.TrimEnd('.')}. Nothing is left of it; make room or name another place.");
        }
    }

    private static void RequireTarget(string path, bool force)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new VerbException(ExitCode.Usage, VerbProblem.File, $"There is no directory {Path.GetDirectoryName(path)}. Make it first.");
        }

        if (Directory.Exists(path) || (File.Exists(path) && !force))
        {
            throw new VerbException(ExitCode.Usage, VerbProblem.File, $"{path} exists. Name another file, or replace it with --force.");
        }
    }

    private static void RequireData(StoreOfVerb installation, DataDirectory data)
    {
        if (installation.Provider == StoreProvider.Sqlite && !File.Exists(data.DatabaseFile) && !RestoreJournal.Exists(data))
        {
            throw new VerbException(ExitCode.Usage, VerbProblem.NoData, $"There is no MeterSync database in {data.Path}. Name the data directory with --data or {CommonOptions.DataVariable}.");
        }

        if (RestoreJournal.Exists(data))
        {
            throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, $"A restore into {data.Path} is under way or was broken off. Where none runs any more, start the server: it completes or undoes it, and says which.");
        }
    }

    /// <summary>The snapshot stands beside the file until it is in it. What compressing saves is not counted on.</summary>
    private static void RequireSpace(StoreOfVerb installation, DataDirectory data, string path)
    {
        var (needed, free) = (installation.Provider == StoreProvider.Sqlite ? new FileInfo(data.DatabaseFile).Length : 0, new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace);
        if (free < needed)
        {
            throw new VerbException(ExitCode.Refused, VerbProblem.File, $"{Path.GetDirectoryName(path)} has {Mebibytes(free)} MiB free, and the copy of the database alone takes {Mebibytes(needed)} MiB. Make room or name another place.");
        }
    }

    private static void Tell(VerbOutput output, string path, BackupMade made)
    {
        foreach (var hash in made.Damaged)
        {
            output.Say($"The stored file {hash} is not what its name says: it was damaged on the disk, and is not in the backup.");
        }

        if (made.Missing.Count > 0)
        {
            output.Say($"{made.Missing.Count} stored files that the database uses are not in the storage, {made.Missing[0]} first; they are not in the backup.");
        }

        if (made.NoteFault is { } fault)
        {
            output.Say($"The backup is whole, but the audit log could not be told of it: {fault.TrimEnd('.')}. The age of the last backup shows the one before.");
        }

        output.Result(
            new JsonObject
            {
                ["file"] = path,
                ["bytes"] = made.Bytes,
                ["sha256"] = made.Seal,
                ["id"] = made.Manifest.Id,
                ["taken_at"] = made.Manifest.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
                ["epoch"] = made.Manifest.Epoch,
                ["rows"] = made.Manifest.Tables.Sum(table => table.Rows),
                ["stored_files"] = made.FileCount,
                ["stored_file_bytes"] = made.FileBytes,
                ["damaged_files"] = new JsonArray([.. made.Damaged.Select(hash => (JsonNode)hash)]),
                ["missing_files"] = new JsonArray([.. made.Missing.Select(hash => (JsonNode)hash)]),
            },
            $"{path} has {made.Bytes} bytes: {made.Manifest.Tables.Sum(table => table.Rows)} rows as of {made.Manifest.CreatedAt.ToString("u", CultureInfo.InvariantCulture)} and {(made.Manifest.HasFiles ? $"{made.FileCount} stored files" : "no stored files")}.",
            "It holds every secret of this installation: keep it as you keep the server.");
    }

    private static long Mebibytes(long bytes) => bytes / 1024 / 1024;
}
