using System.Data.Common;
using Dapper;
using MeterSync.Store;

namespace MeterSync.Tests.Store;

/// <summary>The schema a database really has, in words that compare: one line a column, key, unique index, foreign key or index.</summary>
internal static class RealSchema
{
    private const string Postgres = """
        select format('column %s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' else 'null' end)
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and c.relname not in ('schema_migrations', 'spatial_ref_sys')
        union all
        select format('key %s (%s)', t.relname, string_agg(a.attname, ', ' order by k.ordinal))
        from pg_constraint p join pg_class t on t.oid = p.conrelid join pg_namespace n on n.oid = t.relnamespace
        cross join lateral unnest(p.conkey) with ordinality k(number, ordinal) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
        where p.contype = 'p' and n.nspname = 'public' and t.relname not in ('schema_migrations', 'spatial_ref_sys') group by t.relname
        union all
        select format('foreign key %s (%s) to %s', t.relname, string_agg(a.attname, ', ' order by k.ordinal), r.relname)
        from pg_constraint p join pg_class t on t.oid = p.conrelid join pg_class r on r.oid = p.confrelid join pg_namespace n on n.oid = t.relnamespace
        cross join lateral unnest(p.conkey) with ordinality k(number, ordinal) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
        where p.contype = 'f' and n.nspname = 'public' group by p.oid, t.relname, r.relname
        union all
        select format('%s %s (%s)', case when i.indisunique then 'unique index' else 'index' end, t.relname, (select string_agg(a.attname, ', ' order by k.ordinal) from unnest(i.indkey) with ordinality k(number, ordinal) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number))
        from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
        where not i.indisprimary and n.nspname = 'public' and t.relname not in ('schema_migrations', 'spatial_ref_sys')
        """;

    private const string Sqlite = """
        with t as (select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'service_point_positions%' and name <> 'schema_migrations')
        select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || case when c."notnull" or c.pk then ' not null' else ' null' end from t, pragma_table_info(t.name) c
        union all
        select 'key ' || name || ' (' || group_concat(column, ', ') || ')' from (select t.name, c.name as column from t, pragma_table_info(t.name) c where c.pk order by t.name, c.pk) group by name
        union all
        select 'foreign key ' || t.name || ' (' || f."from" || ') to ' || f."table" from t, pragma_foreign_key_list(t.name) f
        union all
        select case when i."unique" then 'unique index ' else 'index ' end || t.name || ' (' || (select group_concat(name, ', ') from (select name from pragma_index_info(i.name) order by seqno)) || ')' from t, pragma_index_list(t.name) i where i.origin = 'c'
        """;

    public static async Task<SortedSet<string>> ReadAsync(DbConnection connection, StoreProvider provider) =>
        new(await connection.QueryAsync<string>(provider == StoreProvider.Postgres ? Postgres : Sqlite), StringComparer.Ordinal);

    /// <summary>Every statement the database keeps: also checks, triggers, partial indexes and generated columns.</summary>
    public static async Task<SortedSet<string>> StatementsAsync(DbConnection connection, StoreProvider provider) =>
        new(await connection.QueryAsync<string>(provider == StoreProvider.Postgres
            ? "select indexdef from pg_indexes where schemaname = 'public' union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace union all select table_name || '.' || column_name || ' ' || coalesce(column_default, generation_expression, '') from information_schema.columns where table_schema = 'public'"
            : "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master"), StringComparer.Ordinal);
}
