using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Store.Blobs;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Backups;

/// <summary>Makes one backup. Servers go on meanwhile and notice a busier disk.</summary>
internal sealed class BackupRun(DataDirectory data, PostgresSource postgres, IBlobStore files, BackupRecords records, IdSource ids, TimeProvider clock, IOptions<StoreOptions> options)
{
    /// <summary>Larger stored files are read twice: to see that they are whole, and to copy them.</summary>
    private const int MostInMemory = 32 * 1024 * 1024;

    private StoreProvider Provider => options.Value.Kind;

    /// <exception cref="RestoreRefusedException">There is nothing to back up, or it is damaged.</exception>
    public async Task<BackupMade> MakeAsync(BackupRequest request, Action<string, double> report, CancellationToken cancellationToken)
    {
        var part = request.Path + ".part";
        try
        {
            var made = await WriteAsync(request, part, report, cancellationToken);
            Durable.Move(part, request.Path);
            var note = new JsonObject { ["file"] = Path.GetFileName(request.Path), ["bytes"] = made.Bytes, ["sha256"] = made.Seal, ["taken_at"] = made.Manifest.CreatedAt.ToString("O", CultureInfo.InvariantCulture), ["stored_files"] = made.FileCount };
            return made with { NoteFault = await NoteAsync(made, note, cancellationToken) };
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Null where it was noted. A backup that is whole is not thrown away because the database is busy a moment later.</summary>
    private async Task<string?> NoteAsync(BackupMade made, JsonObject note, CancellationToken cancellationToken)
    {
        try
        {
            await records.NoteAsync(BackupRecords.Made, made.Manifest.Id, note, ids, cancellationToken);
            return null;
        }
        catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
        {
            return exception.GetBaseException().Message;
        }
    }

    private async Task<BackupMade> WriteAsync(BackupRequest request, string part, Action<string, double> report, CancellationToken cancellationToken)
    {
        await using var writer = new BackupWriter(part, clock.GetUtcNow());

        // Before the snapshot: the audit log it finds then goes on from here, and from what is sealed later it does not.
        var head = Path.Combine(data.Path, BackupFormat.AuditHead);
        var anchor = File.Exists(head) ? await File.ReadAllBytesAsync(head, cancellationToken) : null;
        var (manifest, facts) = Provider == StoreProvider.Postgres
            ? await AddPostgresAsync(writer, request, report, cancellationToken)
            : await AddSqliteAsync(writer, request, part + ".db", report, cancellationToken);
        if (anchor is not null)
        {
            await writer.AddAsync(BackupFormat.AuditHead, anchor, anchor.Length, cancellationToken);
        }

        // After it: what encrypted anything in the snapshot is there, as are the files its rows name.
        await AddKeysAsync(writer, facts, cancellationToken);
        if (request.WithFiles)
        {
            writer.Expect(facts.UsedFiles);
            await AddFilesAsync(writer, facts.UsedFiles.Count, report, cancellationToken);
        }

        var (bytes, seal) = await writer.FinishAsync(cancellationToken);
        return new BackupMade(manifest, bytes, seal, writer.FileCount, writer.FileBytes, writer.Damaged, writer.Missing);
    }

    private async Task<(BackupManifest Manifest, SnapshotFacts Facts)> AddSqliteAsync(BackupWriter writer, BackupRequest request, string snapshot, Action<string, double> report, CancellationToken cancellationToken)
    {
        try
        {
            var at = clock.GetUtcNow();
            SqliteSnapshot.Take(data.DatabaseFile, snapshot, done => report("Copying the database", done), cancellationToken);
            report("Checking the copy", 0);
            var facts = SqliteSnapshot.Examine(snapshot);
            var manifest = ManifestOf(facts, at, request);
            await writer.AddAsync(manifest, cancellationToken);
            await using var copy = new FileStream(snapshot, new FileStreamOptions { Options = FileOptions.SequentialScan });
            await writer.AddPackedAsync(BackupFormat.SqliteFile, target => CopyAsync(copy, target, done => report("Writing the database", done), cancellationToken), cancellationToken);
            return (manifest, facts);
        }
        finally
        {
            File.Delete(snapshot);
        }
    }

    private async Task<(BackupManifest Manifest, SnapshotFacts Facts)> AddPostgresAsync(BackupWriter writer, BackupRequest request, Action<string, double> report, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();
        await using var snapshot = await PostgresSnapshot.BeginAsync(postgres.Source!, cancellationToken);
        report("Counting", 0);
        var facts = await snapshot.ExamineAsync(cancellationToken) ?? throw new RestoreRefusedException("The database has no MeterSync tables: there is nothing to back up.");
        if (facts.Schema.Count > SchemaKnown(facts))
        {
            throw new RestoreRefusedException("The database is newer than this program, which does not know all of its tables. Back it up with the MeterSync that serves it.");
        }

        var manifest = ManifestOf(facts, at, request);
        await writer.AddAsync(manifest, cancellationToken);
        var (all, done) = (Math.Max(1, facts.Tables.Sum(table => table.Rows)), 0L);
        foreach (var table in facts.Tables)
        {
            report($"Writing {table.Name}", (double)done / all);
            await writer.AddPackedAsync(BackupFormat.TableOf(table.Name), target => snapshot.CopyAsync(table, target, cancellationToken), cancellationToken);
            done += table.Rows;
        }

        return (manifest, facts);
    }

    private static int SchemaKnown(SnapshotFacts facts) => Schema.Migration.BuiltIn(StoreProvider.Postgres).Count(migration => facts.Schema.Any(step => step.Number == migration.Number));

    private BackupManifest ManifestOf(SnapshotFacts facts, DateTimeOffset at, BackupRequest request) => new(
        BackupFormat.Version,
        BackupFormat.Product,
        ids.Next(),
        request.ProgramVersion,
        RestoreSettlement.NameOf(Provider),
        at.ToStored(),
        facts.Epoch,
        facts.EpochId,
        facts.Bytes,
        facts.Schema,
        facts.Tables,
        request.WithFiles);

    private async Task AddKeysAsync(BackupWriter writer, SnapshotFacts facts, CancellationToken cancellationToken)
    {
        var keys = Directory.Exists(data.Keys) ? Directory.EnumerateFiles(data.Keys, "*.xml").Order(StringComparer.Ordinal).ToList() : [];
        if (keys.Count == 0 && facts.Tables.Any(table => table is { Name: "signing_keys" or "receipt_keys" or "audit_keys", Rows: > 0 }))
        {
            throw new RestoreRefusedException($"{data.Path} has no keys, and the database has what only they open: a backup without them could restore neither sign-ins nor receipts. Run this where the server runs, or name its data directory by --data.");
        }

        foreach (var key in keys)
        {
            var content = await File.ReadAllBytesAsync(key, cancellationToken);
            await writer.AddAsync(BackupFormat.Keys + Path.GetFileName(key), content, content.Length, cancellationToken);
        }
    }

    /// <summary>One that goes away meanwhile was used by nothing in the snapshot, or is told as missing.</summary>
    private async Task AddFilesAsync(BackupWriter writer, int expected, Action<string, double> report, CancellationToken cancellationToken)
    {
        var done = 0;
        await foreach (var file in files.ListAsync(cancellationToken))
        {
            report("Writing stored files", Math.Min(1, done++ / Math.Max(1.0, expected)));
            await using var content = await files.OpenAsync(file.Hash, cancellationToken);
            if (content is null)
            {
                continue;
            }

            await using var whole = await WholeAsync(content, file.Hash.Hex, cancellationToken);
            if (whole is null)
            {
                writer.LeaveOut(file.Hash.Hex);
            }
            else
            {
                await writer.AddFileAsync(file.Hash.Hex, whole, cancellationToken);
            }
        }
    }

    /// <summary>Null where the content is not what the hash says: a backup with it inside could not be told from a damaged one.</summary>
    private static async Task<Stream?> WholeAsync(Stream content, string hash, CancellationToken cancellationToken)
    {
        if (content.Length <= MostInMemory)
        {
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? new MemoryStream(bytes, writable: false) : null;
        }

        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) != hash)
        {
            return null;
        }

        content.Seek(0, SeekOrigin.Begin);
        return content;
    }

    private static async Task CopyAsync(FileStream from, Stream to, Action<double> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            report((double)from.Position / from.Length);
        }
    }
}

/// <param name="Path">Absolute; replaced where it exists.</param>
/// <param name="WithFiles">Whether stored files go in.</param>
/// <param name="ProgramVersion">For the manifest.</param>
internal sealed record BackupRequest(string Path, bool WithFiles, string ProgramVersion);

/// <param name="Manifest">As written.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Seal">SHA-256 of all but its last line, which holds it.</param>
/// <param name="FileCount">Stored files in it.</param>
/// <param name="FileBytes">Of them.</param>
/// <param name="Damaged">Stored files that were not what their name says, and were left out.</param>
/// <param name="Missing">Stored files that the database uses and the storage does not have, or that were deleted while the backup was made.</param>
internal sealed record BackupMade(BackupManifest Manifest, long Bytes, string Seal, long FileCount, long FileBytes, IReadOnlyList<string> Damaged, IReadOnlyList<string> Missing)
{
    /// <summary>Why the audit log does not know of it; null where it does.</summary>
    public string? NoteFault { get; init; }
}
