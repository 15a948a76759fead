using System.Text;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Bulk;

/// <summary>Looks rows up by many ids with one parameter. EF gives SQLite a parameter for each id and spells the statement anew each time, which costs several times what the rows do.</summary>
internal static class ManyIds
{
    /// <summary>Rows whose column is one of the ids, to be narrowed and joined further.</summary>
    /// <param name="db">The context.</param>
    /// <param name="property">Name of a property that holds an id; it should be the first of an index.</param>
    /// <param name="ids">Any number; each counts once.</param>
    public static IQueryable<TEntity> Among<TEntity>(this MeterSyncDb db, string property, IEnumerable<Guid> ids)
        where TEntity : class
    {
        var (table, column) = (BulkTable.Of<TEntity>(db).Name, SnakeCase.Of(property));
        // Names come from the mapping. The list goes first and the index is asked for each of it, whatever the planner thinks of its length.
        // PostgreSQL reads a whole index instead, until it has counted what a table was filled with; "offset 0" holds it to one look-up for each id.
        var sql = db.IsSqlite
            ? $"select t.* from json_each({{0}}) a cross join {table} t where t.{column} = unhex(a.value)"
            : $"select t.* from unnest({{0}}) a (id) cross join lateral (select * from {table} where {column} = a.id offset 0) t";
        return db.Set<TEntity>().FromSqlRaw(sql, db.IsSqlite ? Json(ids.Distinct()) : ids.Distinct().ToArray());
    }

    private static string Json(IEnumerable<Guid> ids)
    {
        var json = new StringBuilder("[");
        Span<byte> bytes = stackalloc byte[16];
        foreach (var id in ids)
        {
            _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
            json.Append(json.Length == 1 ? "\"" : ",\"").Append(Convert.ToHexString(bytes)).Append('"');
        }

        return json.Append(']').ToString();
    }
}
