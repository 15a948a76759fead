using Dapper;
using MeterSync.Host.Verbs;
using MeterSync.Store;
using MeterSync.Store.Backups;
using MeterSync.Store.Schema;
using MeterSync.Tests.Host.Verbs;
using Npgsql;

namespace MeterSync.Tests.Store.Backups;

public sealed class RestoredSchemaOnSqliteTests() : RestoredSchemaTests(StoreProvider.Sqlite);

public sealed class RestoredSchemaOnPostgresTests() : RestoredSchemaTests(StoreProvider.Postgres)
{
    [Fact]
    public async Task What_others_keep_beside_the_products_tables_stays_and_what_leans_on_them_is_named()
    {
        await using var here = await BackedUpInstallation.CreateAsync(StoreProvider.Postgres);
        var file = await BackUpAsync(here, Migration.BuiltIn(StoreProvider.Postgres));
        await here.ExecuteAsync("create table somebody_elses (x integer); insert into somebody_elses values (7); create view on_ours as select number from store_epochs");

        var refusal = await Assert.ThrowsAsync<RestoreRefusedException>(() => RestoreAsync(here, file));
        Assert.Contains("on_ours", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await here.NumberAsync("select count(*) from on_ours"));

        await here.ExecuteAsync("drop view on_ours");
        await RestoreAsync(here, file);
        Assert.Equal(7, await here.NumberAsync("select x from somebody_elses"));
    }

    [Fact]
    public async Task There_is_no_sequence_whose_place_would_have_to_be_kept()
    {
        await using var here = await BackedUpInstallation.CreateAsync(StoreProvider.Postgres);
        await UpgradeAsync(here, Migration.BuiltIn(StoreProvider.Postgres));
        Assert.Equal(0, await here.NumberAsync("select count(*) from pg_class where relkind = 'S' and relnamespace = current_schema()::regnamespace"));
    }
}

public abstract class RestoredSchemaTests
{
    private readonly StoreProvider provider;

    private protected RestoredSchemaTests(StoreProvider provider) => this.provider = provider;

    [Fact]
    public async Task Every_table_of_the_schema_is_known()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        await UpgradeAsync(here, Migration.BuiltIn(provider));
        await using var connection = await here.OpenAsync();
        var there = await connection.QueryAsync<string>(provider == StoreProvider.Postgres
            ? "select relname from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')"
            : "select name from sqlite_master where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite_%' and not exists (select 1 from sqlite_master v where v.sql like 'create virtual%' and sqlite_master.name like v.name || '%')");
        Assert.Equal(there.Order(StringComparer.Ordinal), SchemaTables.All(provider).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_schema_is_after_a_restore_what_the_migrations_make()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        var file = await BackUpAsync(here, Migration.BuiltIn(provider));
        var before = await ShapeAsync(here);
        await RestoreAsync(here, file);
        Assert.Equal(before, await ShapeAsync(here));
    }

    [Fact]
    public async Task A_backup_older_than_the_program_is_brought_up_to_it()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        var all = Migration.BuiltIn(provider);
        var file = await BackUpAsync(here, [.. all.SkipLast(1)]);
        await UpgradeAsync(here, all);
        var shape = await ShapeAsync(here);

        var done = await RestoreAsync(here, file);
        Assert.Equal([$"{all[^1].Number:0000}_{all[^1].Name}"], done.Applied);
        Assert.Equal(shape, await ShapeAsync(here));
        Assert.Equal(all.Count, await here.NumberAsync("select count(*) from schema_migrations"));
        Assert.Equal(2, await here.NumberAsync("select count(*) from store_epochs"));
    }

    [Fact]
    public async Task A_backup_newer_than_the_program_or_of_another_build_is_refused()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        await using var installation = StoreOfVerb.Open(new DataDirectory(here.Data), here.Settings);
        var run = installation.Get<RestoreRun>();
        var known = Migration.BuiltIn(provider).Select(migration => new SchemaStep(migration.Number, migration.Name, migration.Checksum)).ToList();
        var fitting = BackupFileTests.Manifest() with { Provider = RestoreSettlement.NameOf(provider), Schema = known };
        run.RequireFitting(fitting);

        var newer = Assert.Throws<RestoreRefusedException>(() => run.RequireFitting(fitting with { Schema = [.. known, new SchemaStep(9999, "future", "00")] }));
        Assert.Contains("9999_future", newer.Message, StringComparison.Ordinal);
        Assert.Throws<RestoreRefusedException>(() => run.RequireFitting(fitting with { Schema = [known[0] with { Checksum = "00" }] }));
    }

    private protected static async Task UpgradeAsync(BackedUpInstallation here, IReadOnlyList<Migration> migrations)
    {
        var data = new DataDirectory(here.Data);
        data.Create();
        await using var installation = StoreOfVerb.Open(data, here.Settings);
        await installation.Get<Migrator>().UpgradeAsync(migrations, CancellationToken.None);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    private protected static async Task<string> BackUpAsync(BackedUpInstallation here, IReadOnlyList<Migration> migrations)
    {
        await UpgradeAsync(here, migrations);
        var file = Path.Combine(here.Data, "one.backup");
        await using var installation = StoreOfVerb.Open(new DataDirectory(here.Data), here.Settings);
        await installation.Get<BackupRun>().MakeAsync(new BackupRequest(file, true, "1.2.3"), (_, _) => { }, CancellationToken.None);
        return file;
    }

    private protected static async Task<RestoreDone> RestoreAsync(BackedUpInstallation here, string file)
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await using var installation = StoreOfVerb.Open(new DataDirectory(here.Data), here.Settings);
        await using NpgsqlConnection? alone = here.Provider == StoreProvider.Postgres ? await ServingLock.TakeAloneAsync(installation.Options, CancellationToken.None) : null;
        var backup = await BackupFile.VerifyAsync(file, _ => { }, CancellationToken.None);
        var done = await installation.Get<RestoreRun>().RunAsync(backup, alone, new RestoreRequest(Replace: true), (_, _) => { }, CancellationToken.None);
        Assert.False(RestoreJournal.Exists(new DataDirectory(here.Data)));
        return done;
    }

    /// <summary>Columns, indexes, keys and triggers.</summary>
    private static async Task<IReadOnlyList<string>> ShapeAsync(BackedUpInstallation here)
    {
        await using var connection = await here.OpenAsync();
        return [.. await connection.QueryAsync<string>(here.Provider == StoreProvider.Sqlite
            ? "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master order by 1"
            : """
              select shape from (
                select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, generation_expression) from information_schema.columns where table_schema = current_schema()
                union all select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint where connamespace = current_schema()::regnamespace
                union all select definition from pg_views where schemaname = current_schema() and viewname not like 'geo%'
                union all select indexdef from pg_indexes where schemaname = current_schema()
                union all select concat_ws(' ', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
              ) all_of_it (shape) order by shape
              """)];
    }
}
