using Dapper;
using Npgsql;

namespace MeterSync.Store.Backups;

/// <summary>What PostgreSQL knows of the product's tables.</summary>
internal static class PostgresCatalog
{
    /// <summary>Those that hold values of their own; empty where there is no such table.</summary>
    public static async Task<IReadOnlyList<string>> ColumnsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition("select quote_ident(attname) from pg_attribute where attrelid = to_regclass(@table) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum", new { table }, cancellationToken: cancellationToken))];

    /// <summary>Those of the product's tables that are there.</summary>
    public static async Task<IReadOnlyList<string>> ExistingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition("select name from unnest(@all) name where to_regclass(name) is not null", new { all = SchemaTables.All(StoreProvider.Postgres).ToArray() }, cancellationToken: cancellationToken))];

    /// <summary>Statements that take foreign keys and indexes off tables and put them back: rows go in several times as fast without them, and in any order.</summary>
    public static async Task<IReadOnlyList<(string Off, string On)>> HindrancesAsync(NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        const string sql = """
            select format('alter table %s drop constraint %I', conrelid::regclass, conname), format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)), 2 as turn
            from pg_constraint where contype = 'f' and conrelid = any (select to_regclass(name) from unnest(@tables) name)
            union all
            select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 1
            from pg_index where indrelid = any (select to_regclass(name) from unnest(@tables) name)
              and not exists (select from pg_constraint where conindid = indexrelid)
            """;
        var found = (await connection.QueryAsync<(string Off, string On, int Turn)>(new CommandDefinition(sql, new { tables = tables.ToArray() }, cancellationToken: cancellationToken))).ToList();

        // A foreign key leans on the index of what it points to: it goes first and comes back last.
        return [.. found.OrderBy(one => one.Turn).Select(one => (one.Off, one.On))];
    }
}
