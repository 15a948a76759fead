using System.Collections.Concurrent;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.ObjectPool;
using Npgsql;
using NpgsqlTypes;

namespace MeterSync.Store;

/// <summary>A row that is written whole, without being tracked.</summary>
internal readonly record struct DirectRow(object Row, RowStatement Statement);

/// <summary>Writes a few rows of several tables on PostgreSQL in one round trip of prepared statements. The change tracker and EF's update
/// pipeline cost a request several times what the statements themselves do. Columns and conversions come from the EF mapping.</summary>
internal static class DirectRows
{
    private const int RowsAtATime = 500;

    /// <summary>In the context's transaction.</summary>
    /// <exception cref="DbUpdateException">A constraint refused a row; the transaction must be rolled back.</exception>
    /// <exception cref="DbUpdateConcurrencyException">A row to be replaced is not there.</exception>
    public static async Task WriteAsync(MeterSyncDb db, IReadOnlyList<DirectRow> rows, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Rows written directly need a transaction: use WriteTransactions.");
        }

        foreach (var part in rows.Chunk(RowsAtATime))
        {
            await WritePartAsync(db, part, cancellationToken);
        }
    }

    private static async Task WritePartAsync(MeterSyncDb db, DirectRow[] rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        var parameters = new NpgsqlParameter[rows.Length][];
        for (var index = 0; index < rows.Length; index++)
        {
            var (row, statement) = rows[index];
            var command = new NpgsqlBatchCommand(statement.Sql);
            parameters[index] = statement.ParametersFor(row);
            command.Parameters.AddRange(parameters[index]);
            batch.BatchCommands.Add(command);
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (StoreFaults.IsConflict(refused))
        {
            throw new DbUpdateException(refused.MessageText, refused);
        }

        var isWhole = true;
        for (var index = 0; index < rows.Length; index++)
        {
            var command = batch.BatchCommands[index];
            isWhole &= command.RecordsAffected == 1;
            command.Parameters.Clear();
            rows[index].Statement.TakeBack(parameters[index]);
        }

        if (!isWhole)
        {
            throw new DbUpdateConcurrencyException("A row to be replaced is gone.");
        }
    }
}

/// <summary>The statement that writes one row of a table, its key columns last.</summary>
internal sealed record RowStatement(string Sql, bool Replaces, IReadOnlyList<BulkColumn> Columns, IReadOnlyList<NpgsqlDbType> Types)
{
    private const int MostParametersKept = 32;
    private static readonly ConcurrentDictionary<(IModel Model, Type Entity, bool Replaces), RowStatement> Known = new();

    // A parameter that served before knows how its type is written.
    private readonly DefaultObjectPool<NpgsqlParameter[]> parameters = new(new ParametersOf(Types), MostParametersKept);

    /// <param name="db">Whose mapping tells the columns.</param>
    /// <param name="replaces">Overwrites the row of the same key, which exists; false inserts.</param>
    public static RowStatement Of<TEntity>(MeterSyncDb db, bool replaces) =>
        Known.TryGetValue((db.Model, typeof(TEntity), replaces), out var known) ? known : Known.GetOrAdd((db.Model, typeof(TEntity), replaces), Made(BulkTable.Of<TEntity>(db), replaces));

    private static RowStatement Made(BulkTable table, bool replaces)
    {
        var columns = table.Columns.OrderBy(column => column.IsKey).ToList();
        var placed = columns.Select((column, index) => (column.Name, column.IsKey, Place: $"${index + 1}")).ToList();
        var sql = replaces
            ? $"update {table.Name} set {string.Join(", ", placed.Where(column => !column.IsKey).Select(column => $"{column.Name} = {column.Place}"))} where {string.Join(" and ", placed.Where(column => column.IsKey).Select(column => $"{column.Name} = {column.Place}"))}"
            : $"insert into {table.Name} ({string.Join(", ", placed.Select(column => column.Name))}) values ({string.Join(", ", placed.Select(column => column.Place))})";
        return new RowStatement(sql, replaces, columns, columns.ConvertAll(column => TypeOf(column.StoreType)));
    }

    /// <summary>The row as parameters of <see cref="Sql"/>, to be given back once they are sent and belong to no command any more.</summary>
    public NpgsqlParameter[] ParametersFor(object row)
    {
        var own = parameters.Get();
        for (var index = 0; index < own.Length; index++)
        {
            own[index].Value = Columns[index].ValueOf(row) ?? DBNull.Value;
        }

        return own;
    }

    public void TakeBack(NpgsqlParameter[] sent) => parameters.Return(sent);

    private sealed class ParametersOf(IReadOnlyList<NpgsqlDbType> types) : PooledObjectPolicy<NpgsqlParameter[]>
    {
        public override NpgsqlParameter[] Create() => [.. types.Select(type => new NpgsqlParameter { NpgsqlDbType = type })];

        public override bool Return(NpgsqlParameter[] obj) => true;
    }

    /// <summary><c>numeric(18,6)</c> is <c>numeric</c> to the wire.</summary>
    private static NpgsqlDbType TypeOf(string storeType) => storeType.Split('(')[0] switch
    {
        "uuid" => NpgsqlDbType.Uuid,
        "text" => NpgsqlDbType.Text,
        "jsonb" => NpgsqlDbType.Jsonb,
        "bytea" => NpgsqlDbType.Bytea,
        "boolean" => NpgsqlDbType.Boolean,
        "integer" => NpgsqlDbType.Integer,
        "bigint" => NpgsqlDbType.Bigint,
        "numeric" => NpgsqlDbType.Numeric,
        "double precision" => NpgsqlDbType.Double,
        "timestamp with time zone" or "timestamptz" => NpgsqlDbType.TimestampTz,
        _ => throw new NotSupportedException($"No rows with a column of the type {storeType} are written directly."),
    };
}
