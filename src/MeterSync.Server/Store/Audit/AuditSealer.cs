using System.Data.Common;
using MeterSync.Store.Bulk;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeterSync.Store.Audit;

/// <summary>Hangs committed entries on the chain, oldest first. However many processes seal, one at a time does: an advisory lock on PostgreSQL, the write lock on SQLite.</summary>
internal sealed class AuditSealer(
    StoreConnections connections, AuditChainKeys keys, AuditSealing state, SqliteWriteGate gate, IOptions<StoreOptions> options, AuditAnchor anchor) : IDisposable
{
    private const long AdvisoryLock = 0x4175646974; // "Audit"
    private const int BatchSize = 2_000;
    private const int CountedUpTo = 10_000;
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Seals all there is. Returns how many entries that were.</summary>
    /// <param name="wait">For another process that seals; else nothing is done then.</param>
    /// <param name="cancellationToken">Ends between two batches.</param>
    public async Task<int> SealAsync(bool wait, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await connections.OpenAsync(cancellationToken);
            for (var total = 0; ;)
            {
                var waiting = await CountAsync(connection, cancellationToken);
                if (waiting == 0)
                {
                    state.Succeeded(0, 0);
                    return total;
                }

                AuditSealing.Waits(waiting);
                if (await SealBatchAsync(connection, wait, cancellationToken) is not { } count)
                {
                    return total;
                }

                total += count;
                state.Succeeded(count, Math.Max(0, waiting - count));
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>The end of the chain.</summary>
    public async Task<AuditHead> HeadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenAsync(cancellationToken);
        return await HeadAsync(connection, null, cancellationToken);
    }

    private static async Task<long> CountAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from (select 1 from audit_log where seq is null limit {CountedUpTo}) waiting";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Null where another process is at it.</summary>
    private async Task<int?> SealBatchAsync(DbConnection connection, bool wait, CancellationToken cancellationToken)
    {
        using var entered = connections.IsSqlite ? await gate.EnterAsync(TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken) : null;
        await using var transaction = connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: false) : await connection.BeginTransactionAsync(cancellationToken);
        if (!connections.IsSqlite && !await TakeLockAsync(connection, transaction, wait, cancellationToken))
        {
            return null;
        }

        var head = await HeadAsync(connection, transaction, cancellationToken);
        if (anchor.Read() is { } known)
        {
            AuditAnchor.Require(known, head, head.Seq == known.Seq ? head.Hash : await HashAtAsync(connection, transaction, known.Seq, cancellationToken));
        }

        var key = await keys.CurrentAsync(connection, transaction, head.Seq + 1, cancellationToken);
        var rows = await ReadAsync(connection, transaction, cancellationToken);
        var places = new List<AuditHead>(rows.Count);
        foreach (var row in rows)
        {
            head = new AuditHead(head.Seq + 1, AuditChain.HashOf(key, head.Hash, head.Seq + 1, row));
            places.Add(head);
        }

        var written = connections.IsSqlite
            ? WriteOneByOne((SqliteConnection)connection, rows, places)
            : await WriteAtOnceAsync(connection, transaction, rows, places, cancellationToken);
        if (written != rows.Count)
        {
            throw new InvalidOperationException($"Of {rows.Count} entries of the audit log only {written} could be sealed.");
        }

        await transaction.CommitAsync(CancellationToken.None);
        anchor.Write(head);
        return rows.Count;
    }

    private static async Task<bool> TakeLockAsync(DbConnection connection, DbTransaction transaction, bool wait, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = wait ? $"select true from pg_advisory_xact_lock({AdvisoryLock})" : $"select pg_try_advisory_xact_lock({AdvisoryLock})";
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<AuditHead> HeadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select seq, hash from audit_log where seq is not null order by seq desc limit 1";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new AuditHead(row.GetInt64(0), (byte[])row.GetValue(1)) : AuditHead.None;
    }

    private static async Task<byte[]?> HashAtAsync(DbConnection connection, DbTransaction transaction, long seq, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select hash from audit_log where seq = @seq";
        command.Add("seq", seq);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    private static async Task<List<AuditRow>> ReadAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"select {AuditRow.Columns} from audit_log where seq is null order by at, id limit {BatchSize}";
        var rows = new List<AuditRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(AuditRow.Read(reader));
        }

        return rows;
    }

    private static int WriteOneByOne(SqliteConnection connection, List<AuditRow> rows, List<AuditHead> places)
    {
        using var statement = new SqliteRowStatement(connection, "update audit_log set seq = ?1, hash = ?2 where id = ?3");
        var written = 0;
        foreach (var (row, place) in rows.Zip(places))
        {
            statement.Bind(1, place.Seq);
            statement.Bind(2, (object)place.Hash);
            statement.Bind(3, (object)row.Id.ToByteArray(bigEndian: true));
            statement.Run();
            written += statement.Changed;
        }

        return written;
    }

    private static async Task<int> WriteAtOnceAsync(DbConnection connection, DbTransaction transaction, List<AuditRow> rows, List<AuditHead> places, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update audit_log set seq = place.seq, hash = place.hash from unnest($1, $2, $3) place (id, seq, hash) where audit_log.id = place.id", (NpgsqlConnection)connection, (NpgsqlTransaction)transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => row.Id)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. places.Select(place => place.Seq)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. places.Select(place => place.Hash)] },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
