using Dapper;
using MeterSync.Store;
using MeterSync.Store.Schema;
using Xunit;

namespace MeterSync.Tests.Store;

/// <summary>A database looks for the rows that refer to one it deletes. Without an index that is a look at the whole table, for every row deleted.</summary>
public abstract class ForeignKeyTests
{
    private protected abstract StoreProvider Provider { get; }

    private protected abstract string WithoutIndex { get; }

    [Fact]
    public async Task Every_foreign_key_is_the_beginning_of_an_index()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(Migration.BuiltIn(Provider));
        await using var connection = await database.OpenAsync();
        Assert.Empty(await connection.QueryAsync<string>(WithoutIndex));
        await connection.ExecuteAsync("create table planted (number integer primary key, report_id integer references planted (number))");
        Assert.Equal("planted.report_id", Assert.Single(await connection.QueryAsync<string>(WithoutIndex)));
    }
}

public sealed class ForeignKeyOnSqliteTests : ForeignKeyTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;

    private protected override string WithoutIndex => """
        select t.name || '.' || f."from" from sqlite_master t join pragma_foreign_key_list(t.name) f
        where t.type = 'table' and f.seq = 0
          and not exists (select 1 from pragma_index_list(t.name) l join pragma_index_info(l.name) i where i.seqno = 0 and i.name = f."from")
        """;
}

public sealed class ForeignKeyOnPostgresTests : ForeignKeyTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;

    private protected override string WithoutIndex => """
        select c.conrelid::regclass || '.' || a.attname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])
        """;
}
