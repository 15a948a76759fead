using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Store.Blobs;
using MeterSync.Store.Schema;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Backups;

/// <summary>Puts a backup into place, on either database. The caller holds whatever keeps servers away.</summary>
internal sealed class RestoreRun(DataDirectory data, IBlobStore files, StoreConnections connections, IOptions<StoreOptions> options, IdSource ids, TimeProvider clock, ILogger<Migrator> log)
{
    private const int CompareAtOnce = 64 * 1024;

    /// <summary>Whether this program and this installation can take the backup.</summary>
    /// <exception cref="RestoreRefusedException">They cannot; the message says the fix.</exception>
    public void RequireFitting(BackupManifest manifest)
    {
        var provider = options.Value.Kind;
        if (manifest.Provider != RestoreSettlement.NameOf(provider))
        {
            throw new RestoreRefusedException($"The backup is of a database of the kind {manifest.Provider}, and this installation has {RestoreSettlement.NameOf(provider)}. A backup goes back into the kind it came from: set Database:Provider={manifest.Provider}.");
        }

        var known = Migration.BuiltIn(provider);
        foreach (var step in manifest.Schema)
        {
            if (known.FirstOrDefault(migration => migration.Number == step.Number) is not { } migration)
            {
                throw new RestoreRefusedException($"The backup has migration {step.Number:0000}_{step.Name}, which this program does not know: it was made by MeterSync {manifest.Version}. Restore it with that release or a newer one.");
            }

            if (migration.Checksum != step.Checksum)
            {
                throw new RestoreRefusedException($"The backup was made with another migration {step.Number:0000}_{step.Name} than this program has. Restore it with MeterSync {manifest.Version}.");
            }
        }
    }

    /// <param name="backup">Verified, and fitting.</param>
    /// <param name="alone">On PostgreSQL the connection that holds the lock alone.</param>
    /// <param name="request">How.</param>
    /// <param name="report">Told the step and how far it is.</param>
    /// <param name="cancellationToken">Up to the switch, from which on it runs to its end.</param>
    public async Task<RestoreDone> RunAsync(BackupFile backup, Npgsql.NpgsqlConnection? alone, RestoreRequest request, Action<string, double> report, CancellationToken cancellationToken)
    {
        var journal = new RestoreJournal(ids.Next(), backup.Manifest.Provider, ids.Next(), backup.Manifest.CreatedAt, clock.GetUtcNow().ToStored(), RestorePhase.Staging);
        data.Create();
        journal.Write(data);
        await using var target = alone is null
            ? new SqliteRestore(journal, data, connections, options, ids, clock, log)
            : (IRestoreTarget)new PostgresRestore(journal, data, alone, connections, ids, clock);
        try
        {
            BlobFolders.Make(journal.FolderIn(data));
            await target.BeginAsync(backup.Manifest, request.Replace, cancellationToken);
            await UnpackAsync(backup, journal, target, report, cancellationToken);
            report("Finishing", 1);
            var note = new JsonObject { ["backup_taken_at"] = backup.Manifest.CreatedAt.ToString("O", CultureInfo.InvariantCulture), ["backup_version"] = backup.Manifest.Version, ["stored_files"] = backup.Contents.FileCount };
            return await target.FinishAsync(backup.Manifest, note, cancellationToken);
        }
        catch when (!target.HasReplaced)
        {
            await target.DisposeAsync();
            journal.Close(data);
            throw;
        }
    }

    private async Task UnpackAsync(BackupFile backup, RestoreJournal journal, IRestoreTarget target, Action<string, double> report, CancellationToken cancellationToken)
    {
        await using var reader = new BackupReader(backup.Path);
        while (await reader.NextAsync(cancellationToken) is { } name)
        {
            if (BackupFormat.FileHashOf(name) is { } hash)
            {
                report("Restoring stored files", reader.Done);
                await PutAsync(new BlobHash(hash), reader, cancellationToken);
            }
            else if (name.StartsWith(BackupFormat.Keys, StringComparison.Ordinal))
            {
                await AddKeyAsync(name, reader.Content, cancellationToken);
            }
            else if (name == BackupFormat.AuditHead)
            {
                await WriteAsync(Path.Combine(journal.FolderIn(data), RestoreSwitch.HeadPlaced), Stream.Null, cancellationToken);
                await WriteAsync(Path.Combine(journal.FolderIn(data), BackupFormat.AuditHead), reader.Content, cancellationToken);
            }
            else if (name is not (BackupFormat.Manifest or BackupFormat.Contents))
            {
                report(target.StepOf(name), reader.Done);
                await target.TakeAsync(name, reader.Content, cancellationToken);
            }
        }
    }

    /// <summary>Files are named by their content: one that is there and whole stays.</summary>
    private async Task PutAsync(BlobHash hash, BackupReader reader, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(hash, reader.Length, cancellationToken))
        {
            await files.DeleteAsync(hash, cancellationToken); // the store takes what stands under the name for the bytes themselves
            await files.PutAsync(hash, reader.Content, reader.Length, cancellationToken);
        }
    }

    private async Task<bool> IsThereAsync(BlobHash hash, long length, CancellationToken cancellationToken)
    {
        await using var there = await files.OpenAsync(hash, cancellationToken);
        if (there?.Length != length)
        {
            return false;
        }

        using var actual = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CompareAtOnce];
        for (int read; (read = await there.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            actual.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(actual.GetHashAndReset()) == hash.Hex;
    }

    /// <summary>Beside the keys that are there: each opens what it sealed, and nothing else.</summary>
    private async Task AddKeyAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Keys, Path.GetFileName(name));
        if (!File.Exists(path))
        {
            await WriteAsync(path, content, cancellationToken);
        }
    }

    private static async Task WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        Durable.Write(path, bytes.ToArray());
    }
}

/// <param name="Replace">Whether what is there may be replaced.</param>
internal sealed record RestoreRequest(bool Replace);

/// <param name="Epoch">The life of the data that began.</param>
/// <param name="Aside">Folder with the old database, on SQLite; null where there was none.</param>
/// <param name="Applied">Migrations since the backup.</param>
internal sealed record RestoreDone(int Epoch, string? Aside, IReadOnlyList<string> Applied);

/// <summary>Where the database of a backup goes. Disposed before it has finished, it leaves what was there.</summary>
internal interface IRestoreTarget : IAsyncDisposable
{
    /// <summary>Whether it came so far that the old data may be gone.</summary>
    bool HasReplaced { get; }

    /// <exception cref="RestoreRefusedException">Something is there and may not be replaced.</exception>
    Task BeginAsync(BackupManifest manifest, bool replace, CancellationToken cancellationToken);

    /// <summary>What a part of the backup is called to people.</summary>
    string StepOf(string name);

    Task TakeAsync(string name, Stream content, CancellationToken cancellationToken);

    /// <summary>Brings the schema up to the program's, begins the epoch and puts all of it into place.</summary>
    Task<RestoreDone> FinishAsync(BackupManifest manifest, JsonObject note, CancellationToken cancellationToken);
}
