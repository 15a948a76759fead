using Dapper;
using MeterSync.Store;
using MeterSync.Store.Schema;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Store;

public abstract class MigratorTests
{
    private protected abstract StoreProvider Provider { get; }

    private IReadOnlyList<Migration> BuiltIn => Migration.BuiltIn(Provider);

    [Fact]
    public async Task Upgrading_step_by_step_gives_the_schema_of_all_at_once()
    {
        var whole = await StatementsAfterAsync([BuiltIn]);
        Assert.NotEmpty(whole);
        for (var first = 1; first < BuiltIn.Count; first++)
        {
            Assert.Equal(whole, await StatementsAfterAsync([[.. BuiltIn.Take(first)], BuiltIn]));
        }
    }

    [Fact]
    public async Task A_second_upgrade_does_nothing()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        Assert.Equal(BuiltIn.Count, (await database.UpgradeAsync(BuiltIn)).Count);
        Assert.Empty(await database.UpgradeAsync(BuiltIn));
    }

    [Fact]
    public async Task Refuses_a_file_that_was_changed_after_it_had_been_applied()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(BuiltIn);
        var changed = BuiltIn.Select(migration => migration.Number == 2 ? migration with { Sql = migration.Sql + "\n-- changed" } : migration);
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => database.UpgradeAsync(changed));
        Assert.Contains("0002_accounts was changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_are_no_change()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(BuiltIn);
        Assert.Empty(await database.UpgradeAsync(BuiltIn.Select(migration => migration with { Sql = migration.Sql.Replace("\n", "\r\n", StringComparison.Ordinal) })));
    }

    [Fact]
    public async Task Refuses_a_database_newer_than_the_program()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(BuiltIn);
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => database.UpgradeAsync(BuiltIn.SkipLast(1)));
        Assert.Contains("newer than the program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_of_itself_and_all_before_it()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        var broken = new Migration(9001, "broken", "create table half_done (id integer not null primary key);\ninsert into half_done values (1);\ncreate table users (oops text);");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => database.UpgradeAsync([.. BuiltIn, broken]));
        await using (var connection = await database.OpenAsync())
        {
            Assert.DoesNotContain(await RealSchema.StatementsAsync(connection, Provider), line => line.Contains("half_done", StringComparison.Ordinal));
            Assert.Equal(BuiltIn.Count, await connection.ExecuteScalarAsync<int>("select count(*) from schema_migrations"));
        }

        Assert.Empty(await database.UpgradeAsync(BuiltIn));
        var mended = broken with { Sql = "create table half_done (id integer not null primary key)" };
        Assert.Single(await database.UpgradeAsync([.. BuiltIn, mended]));
    }

    [Fact]
    public async Task Processes_that_upgrade_at_once_all_succeed_and_each_file_is_applied_once()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.UpgradeAsync(BuiltIn))));
        Assert.Equal(BuiltIn.Count, applied.Sum(list => list.Count));
    }

    private async Task<SortedSet<string>> StatementsAfterAsync(IReadOnlyList<IReadOnlyList<Migration>> upgrades)
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        foreach (var upgrade in upgrades)
        {
            await database.UpgradeAsync(upgrade);
        }

        await using var connection = await database.OpenAsync();
        return await RealSchema.StatementsAsync(connection, Provider);
    }
}

public sealed class MigratorOnSqliteTests : MigratorTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;
}

public sealed class MigratorOnPostgresTests : MigratorTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;

    [Fact]
    public async Task No_lock_stays_with_a_connection_that_went_back_to_its_pool()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider, pooling: true);
        var migrations = Migration.BuiltIn(Provider);
        await database.UpgradeAsync(migrations);
        Assert.Equal(0, await LocksAsync(database));
        await Assert.ThrowsAsync<SchemaException>(() => database.UpgradeAsync(migrations.SkipLast(1)));
        Assert.Equal(0, await LocksAsync(database));
    }

    private static async Task<long> LocksAsync(ScratchDatabase database)
    {
        await using var connection = await database.OpenAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
    }
}

public sealed class MigrationFilesTests
{
    [Fact]
    public void Both_databases_have_files_of_the_same_numbers_and_names_without_gaps()
    {
        var sqlite = Migration.BuiltIn(StoreProvider.Sqlite).Select(migration => (migration.Number, migration.Name)).ToList();
        Assert.Equal(sqlite, Migration.BuiltIn(StoreProvider.Postgres).Select(migration => (migration.Number, migration.Name)));
        Assert.Equal(Enumerable.Range(1, sqlite.Count), sqlite.Select(migration => migration.Number));
    }

    [Fact]
    public void Every_file_of_the_source_tree_is_built_into_the_program()
    {
        foreach (var (folder, provider) in new[] { ("sqlite", StoreProvider.Sqlite), ("postgres", StoreProvider.Postgres) })
        {
            var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MeterSync.Server", "Store", "Migrations", folder), "*.sql").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
            Assert.Equal(files, Migration.BuiltIn(provider).Select(migration => $"{migration.Number:0000}_{migration.Name}"));
        }
    }
}
