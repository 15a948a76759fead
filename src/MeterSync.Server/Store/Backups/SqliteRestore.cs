using System.Text.Json.Nodes;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Store.Blobs;
using MeterSync.Store.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Backups;

/// <summary>Into a file beside the old one, which then takes its place.</summary>
internal sealed class SqliteRestore(RestoreJournal journal, DataDirectory data, StoreConnections connections, IOptions<StoreOptions> options, IdSource ids, TimeProvider clock, ILogger<Migrator> log) : IRestoreTarget
{
    private const int CopyAtOnce = 1024 * 1024;
    private readonly DataDirectory staged = new(journal.FolderIn(data));

    public bool HasReplaced { get; private set; }

    public Task BeginAsync(BackupManifest manifest, bool replace, CancellationToken cancellationToken) =>
        replace || !File.Exists(data.DatabaseFile)
            ? Task.CompletedTask
            : throw new RestoreRefusedException($"{data.DatabaseFile} exists. With --replace it is moved into a folder of its own in the data directory, and the backup takes its place.");

    public string StepOf(string name) => "Restoring the database";

    public async Task TakeAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (name == BackupFormat.SqliteFile)
        {
            await using var file = Durable.New(staged.DatabaseFile);
            await content.CopyToAsync(file, CopyAtOnce, cancellationToken);
        }
    }

    public async Task<RestoreDone> FinishAsync(BackupManifest manifest, JsonObject note, CancellationToken cancellationToken)
    {
        var applied = await new Migrator(options, new PostgresSource(null), staged, clock, log).UpgradeAsync(Migration.BuiltIn(StoreProvider.Sqlite), cancellationToken);
        SqliteConnection.ClearAllPools(); // the migrator's connection would keep the log open
        var epoch = await BeginEpochAsync(manifest, note, cancellationToken);
        Durable.FlushFile(staged.DatabaseFile);
        FolderSync.Flush(staged.Path);

        var switching = journal with { Phase = RestorePhase.MovingAside };
        switching.Write(data);
        HasReplaced = true;
        RestoreSwitch.Complete(switching, data);
        return new RestoreDone(epoch, Directory.Exists(journal.AsideIn(data)) ? journal.AsideIn(data) : null, [.. applied.Select(migration => $"{migration.Number:0000}_{migration.Name}")]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<int> BeginEpochAsync(BackupManifest manifest, JsonObject note, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = staged.DatabaseFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction();
        var epoch = await Epochs.BeginRestoredAsync(connection, transaction, connections, journal.EpochId, clock.GetUtcNow().ToStored(), cancellationToken);
        note["epoch"] = epoch;
        await BackupRecords.NoteAsync(connection, transaction, connections, BackupRecords.Restored, manifest.Id, note, ids, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        // One file without a log: what is renamed is all there is.
        await connection.ExecuteAsync("pragma journal_mode=delete");
        return epoch;
    }
}
