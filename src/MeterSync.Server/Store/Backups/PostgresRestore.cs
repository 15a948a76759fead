using System.Text.Json.Nodes;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Store.Schema;
using Npgsql;

namespace MeterSync.Store.Backups;

/// <summary>In one transaction, from dropping the old tables to the new epoch: broken off anywhere, the old ones are as they were.</summary>
/// <param name="connection">Holds the lock that keeps servers away.</param>
internal sealed class PostgresRestore(RestoreJournal journal, DataDirectory data, NpgsqlConnection connection, StoreConnections connections, IdSource ids, TimeProvider clock) : IRestoreTarget
{
    private readonly List<string> afterwards = [];
    private readonly List<string> filledBySchema = [];
    private NpgsqlTransaction? transaction;
    private Dictionary<string, BackupTable> tables = [];

    public bool HasReplaced { get; private set; }

    public async Task BeginAsync(BackupManifest manifest, bool replace, CancellationToken cancellationToken)
    {
        var old = await PostgresCatalog.ExistingAsync(connection, cancellationToken);
        if (old.Count > 0 && !replace)
        {
            throw new RestoreRefusedException($"The database {connection.Database} has MeterSync tables. With --replace they are dropped in the transaction that brings in the backup's.");
        }

        transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DropAsync(old, cancellationToken);
        await MakeSchemaAsync(manifest, cancellationToken);
        tables = manifest.Tables.ToDictionary(table => BackupFormat.TableOf(table.Name), StringComparer.Ordinal);
        await PrepareAsync([.. manifest.Tables.Select(table => table.Name)], cancellationToken);
    }

    public string StepOf(string name) => tables.TryGetValue(name, out var table) ? $"Restoring {table.Name}" : "Restoring";

    public async Task TakeAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (!tables.TryGetValue(name, out var table))
        {
            throw new RestoreRefusedException($"The backup has {name}, of which its manifest does not know.");
        }

        await using (var rows = await connection.BeginRawBinaryCopyAsync($"copy {table.Name} ({string.Join(", ", table.Columns)}) from stdin (format binary)", cancellationToken))
        {
            await content.CopyToAsync(rows, cancellationToken);
        }

        var there = await connection.ExecuteScalarAsync<long>(Of($"select count(*) from {table.Name}", cancellationToken));
        if (there != table.Rows)
        {
            throw new RestoreRefusedException($"{table.Name} has {there} rows after the restore, and had {table.Rows} in the backup. Nothing was replaced.");
        }
    }

    public async Task<RestoreDone> FinishAsync(BackupManifest manifest, JsonObject note, CancellationToken cancellationToken)
    {
        foreach (var statement in afterwards)
        {
            await ExecuteAsync(statement, cancellationToken);
        }

        var applied = new List<string>();
        foreach (var migration in Migration.BuiltIn(StoreProvider.Postgres).Where(migration => manifest.Schema.All(step => step.Number != migration.Number)))
        {
            await ApplyAsync(migration, cancellationToken);
            applied.Add($"{migration.Number:0000}_{migration.Name}");
        }

        foreach (var table in tables.Values)
        {
            await ExecuteAsync($"analyze {table.Name}", cancellationToken);
        }

        var epoch = await Epochs.BeginRestoredAsync(connection, transaction!, connections, journal.EpochId, clock.GetUtcNow().ToStored(), cancellationToken);
        note["epoch"] = epoch;
        await BackupRecords.NoteAsync(connection, transaction!, connections, BackupRecords.Restored, manifest.Id, note, ids, clock, cancellationToken);

        // Should the answer to the commit be lost, the next start asks the database.
        HasReplaced = true;
        await transaction!.CommitAsync(CancellationToken.None);
        RestoreSwitch.FollowDatabase(journal, data);
        return new RestoreDone(epoch, null, applied);
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
        }
    }

    private async Task DropAsync(IReadOnlyList<string> old, CancellationToken cancellationToken)
    {
        if (old.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var view in SchemaTables.Views().Reverse())
            {
                await ExecuteAsync($"drop view if exists {view}", cancellationToken);
            }

            await ExecuteAsync($"drop table {string.Join(", ", old)}", cancellationToken);
            foreach (var function in SchemaTables.Functions())
            {
                await ExecuteAsync($"drop function if exists {function}", cancellationToken);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            throw new RestoreRefusedException($"Something that is not MeterSync's depends on its tables: {exception.Detail?.ReplaceLineEndings("; ")} Drop it, restore, and make it again.");
        }
    }

    /// <summary>The schema as it was when the backup was made, without the rows that it begins with.</summary>
    private async Task MakeSchemaAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Migrator.LedgerSql, cancellationToken);
        foreach (var migration in Migration.BuiltIn(StoreProvider.Postgres).Where(migration => manifest.Schema.Any(step => step.Number == migration.Number)))
        {
            await ExecuteAsync(SqlOf(migration), cancellationToken);
        }

        foreach (var table in manifest.Tables)
        {
            if (await connection.ExecuteScalarAsync<bool>(Of($"select exists (select from {table.Name})", cancellationToken)))
            {
                filledBySchema.Add(table.Name);
            }
        }
    }

    private async Task PrepareAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var hindrances = await PostgresCatalog.HindrancesAsync(connection, names, cancellationToken);
        foreach (var (off, _) in hindrances.Reverse())
        {
            await ExecuteAsync(off, cancellationToken);
        }

        foreach (var name in filledBySchema)
        {
            await ExecuteAsync($"delete from {name}", cancellationToken);
        }

        // What a trigger does when a row is written, it did when these were.
        foreach (var name in names)
        {
            await ExecuteAsync($"alter table {name} disable trigger user", cancellationToken);
        }

        afterwards.AddRange(hindrances.Select(one => one.On));
        afterwards.AddRange(names.Select(name => $"alter table {name} enable trigger user"));
    }

    private async Task ApplyAsync(Migration migration, CancellationToken cancellationToken)
    {
        await ExecuteAsync(SqlOf(migration), cancellationToken);
        await connection.ExecuteAsync(Of(Migrator.RecordSql, cancellationToken, Migrator.RecordOf(migration, clock)));
    }

    /// <summary>Nobody else is there, so that an index may be built in the transaction.</summary>
    private static string SqlOf(Migration migration) => migration.InTransaction ? migration.Sql : migration.Sql.Replace(" concurrently", "", StringComparison.OrdinalIgnoreCase);

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => connection.ExecuteAsync(Of(sql, cancellationToken));

    private CommandDefinition Of(string sql, CancellationToken cancellationToken, object? parameters = null) => new(sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken);
}
