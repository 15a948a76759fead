using System.Data;
using System.Data.Common;
using Dapper;
using MeterSync.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Schema;

/// <summary>Brings a database to this program's schema: each file once, in order, under a lock, with its checksum kept.</summary>
internal sealed class Migrator(IOptions<StoreOptions> options, PostgresSource postgres, DataDirectory data, TimeProvider clock, ILogger<Migrator> log)
{
    private const long AdvisoryLock = 0x4d65746572; // "Meter"

    /// <summary>Makes the table that remembers what was applied.</summary>
    public const string LedgerSql = "create table if not exists schema_migrations (number integer not null primary key, name text not null, checksum text not null, applied_at text not null)";

    /// <summary>Remembers one file, with the parameters of <see cref="RecordOf"/>.</summary>
    public const string RecordSql = "insert into schema_migrations (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @At)";

    private StoreProvider Provider => options.Value.Kind;

    /// <summary>In seconds. On PostgreSQL a migration takes as long as its tables are large (0: no limit), and whoever waits for it as well.</summary>
    private int? Patience => Provider == StoreProvider.Postgres ? 0 : null;

    /// <summary>Applies what is missing and returns it.</summary>
    /// <exception cref="SchemaException">The database is newer than the program, or an applied file has changed since.</exception>
    public async Task<IReadOnlyList<Migration>> UpgradeAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        if (Provider == StoreProvider.Sqlite)
        {
            await connection.ExecuteAsync("pragma journal_mode=wal");
            return await UpgradeAsync(connection, migrations, cancellationToken);
        }

        await connection.ExecuteAsync(new CommandDefinition($"select pg_advisory_lock({AdvisoryLock})", commandTimeout: Patience, cancellationToken: cancellationToken));
        try
        {
            return await UpgradeAsync(connection, migrations, cancellationToken);
        }
        finally
        {
            // Closing gives the session back to the pool, or to a pooler in between, and either keeps its locks. A lost session has none.
            if (connection.State == ConnectionState.Open)
            {
                await UnlockAsync(connection);
            }
        }
    }

    /// <summary>Says only in the log that it failed: what went wrong before matters more, and a session that cannot unlock has ended.</summary>
    private async Task UnlockAsync(DbConnection connection)
    {
        try
        {
            await connection.ExecuteAsync($"select pg_advisory_unlock({AdvisoryLock})");
        }
        catch (DbException exception)
        {
            log.LogWarning(exception, "The migration lock could not be given back");
        }
    }

    /// <summary>Names of the files not yet applied; empty when the schema is current.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var applied = await connection.QueryAsync<int>("select number from schema_migrations");
        return [.. Migration.BuiltIn(Provider).Where(migration => !applied.Contains(migration.Number)).Select(migration => $"{migration.Number:0000}_{migration.Name}")];
    }

    /// <summary>What was applied to the database, in order.</summary>
    public async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(int Number, string Name, string AppliedAt)>(new CommandDefinition("select number, name, applied_at from schema_migrations order by number", cancellationToken: cancellationToken));
        return [.. rows.Select(row => new AppliedMigration(row.Number, row.Name, row.AppliedAt))];
    }

    private async Task<IReadOnlyList<Migration>> UpgradeAsync(DbConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(LedgerSql);
        var applied = (await connection.QueryAsync<(int Number, string Checksum)>("select number, checksum from schema_migrations order by number")).ToDictionary(row => row.Number, row => row.Checksum);
        Check(migrations, applied);
        var done = new List<Migration>();
        foreach (var migration in migrations.Where(migration => !applied.ContainsKey(migration.Number)))
        {
            log.LogInformation("Migrating {Provider} to {Number:0000} {Name}", Provider, migration.Number, migration.Name);
            if (await ApplyAsync(connection, migration, cancellationToken))
            {
                done.Add(migration);
            }
        }

        return done;
    }

    private static void Check(IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        var known = migrations.ToDictionary(migration => migration.Number);
        foreach (var (number, checksum) in applied)
        {
            if (!known.TryGetValue(number, out var migration))
            {
                throw new SchemaException($"The database has migration {number:0000}, which this program does not know: it is newer than the program. Install the newer MeterSync.");
            }

            if (migration.Checksum != checksum)
            {
                throw new SchemaException($"Migration {number:0000}_{migration.Name} was changed after it had been applied here. Restore the file as released.");
            }
        }
    }

    /// <summary>False where another process was faster.</summary>
    private async Task<bool> ApplyAsync(DbConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        var record = RecordOf(migration, clock);
        if (!migration.InTransaction)
        {
            await connection.ExecuteAsync(migration.Sql, commandTimeout: Patience);
            await connection.ExecuteAsync(RecordSql, record);
            return true;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // SQLite has no advisory lock: another process may have applied it between our look and our turn to write.
        if (await connection.ExecuteScalarAsync<int>("select count(*) from schema_migrations where number = @Number", record, transaction) > 0)
        {
            return false;
        }

        await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: Patience);
        await connection.ExecuteAsync(RecordSql, record, transaction);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static object RecordOf(Migration migration, TimeProvider clock) =>
        new { migration.Number, migration.Name, migration.Checksum, At = clock.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture) };

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (postgres.Source is { } source)
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(StoreRegistration.SqliteConnectionString(data, options.Value));
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}

/// <summary>The database's schema and the program do not fit together; the message says the fix.</summary>
public sealed class SchemaException(string message) : Exception(message);
