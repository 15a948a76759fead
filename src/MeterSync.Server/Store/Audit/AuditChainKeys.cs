using System.Data.Common;
using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Store.Secrets;

namespace MeterSync.Store.Audit;

/// <param name="Number">1 for the first.</param>
/// <param name="FromSeq">The first entry hashed with it.</param>
/// <param name="Secret">Null where the data directory lacks what encrypted it.</param>
internal sealed record ChainKey(int Number, long FromSeq, byte[]? Secret);

/// <summary>The keys of the chain as the database has them.</summary>
internal sealed class AuditChainKeys(SecretBox box, StoreConnections connections, TimeProvider clock, ILogger<AuditChainKeys> log)
{
    private const int SecretBytes = 32;
    private (byte[] Stored, byte[] Secret)? last; // opening one costs more than sealing some entries

    /// <summary>All of them, oldest first.</summary>
    public async Task<IReadOnlyList<ChainKey>> LoadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select number, from_seq, secret from audit_keys order by number";
        var keys = new List<ChainKey>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            keys.Add(new ChainKey(rows.GetInt32(0), rows.GetInt64(1), Open((byte[])rows.GetValue(2))));
        }

        return keys;
    }

    /// <summary>The key that the next entry is hashed with. Made where there is none, or where none can be read any more.</summary>
    /// <exception cref="AuditKeyException">Another data directory's keys made the newest one.</exception>
    public async Task<byte[]> CurrentAsync(DbConnection connection, DbTransaction transaction, long nextSeq, CancellationToken cancellationToken)
    {
        var keys = await LoadAsync(connection, transaction, cancellationToken);
        if (keys is [.., { Secret: { } secret }])
        {
            return secret;
        }

        if (keys.Any(key => key.Secret is not null))
        {
            throw new AuditKeyException($"The newest key of the audit log, number {keys[^1].Number}, was made with other keys than those in this data directory. Servers of one database need the same keys directory.");
        }

        if (keys.Count > 0)
        {
            log.LogWarning("The key of the audit log cannot be read: the keys directory that belongs to this database is missing. Entries before {Seq} cannot be verified any more; a new key is made for those that follow", nextSeq);
        }

        return await AddAsync(connection, transaction, keys.Count == 0 ? 1 : keys[^1].Number + 1, nextSeq, cancellationToken);
    }

    private async Task<byte[]> AddAsync(DbConnection connection, DbTransaction transaction, int number, long fromSeq, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var now = clock.GetUtcNow().ToStored();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "insert into audit_keys (number, secret, from_seq, created_at) values (@number, @secret, @from_seq, @created_at)";
        command.Add("number", number).Add("secret", box.Seal(SecretBox.AuditChain, secret)).Add("from_seq", fromSeq).Add("created_at", connections.Stored(now));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return secret;
    }

    private byte[]? Open(byte[] stored)
    {
        if (last is { } known && known.Stored.AsSpan().SequenceEqual(stored))
        {
            return known.Secret;
        }

        var secret = box.TryOpen(SecretBox.AuditChain, stored);
        if (secret is not null)
        {
            last = (stored, secret);
        }

        return secret;
    }
}

/// <summary>The audit log cannot be sealed here; the message says why.</summary>
internal sealed class AuditKeyException(string message) : Exception(message);
