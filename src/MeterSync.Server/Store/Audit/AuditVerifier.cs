using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MeterSync.Store.Audit;

/// <summary>What can be wrong with the chain.</summary>
internal enum AuditFault
{
    /// <summary>A field of the entry is not what it was when it was sealed.</summary>
    ContentChanged,

    /// <summary>The entry's hash is not the one it was sealed with.</summary>
    HashChanged,

    /// <summary>Content or hash; which of them, only an entry after it could tell.</summary>
    ContentOrHashChanged,

    /// <summary>An entry is not there any more.</summary>
    Missing,

    /// <summary>An entry stands twice at one place, or before the first.</summary>
    OutOfPlace,

    /// <summary>The key it was hashed with is lost, so that nothing can be said about it.</summary>
    KeyUnreadable,

    /// <summary>The chain ends before the entry that was expected.</summary>
    EndMissing,

    /// <summary>The expected entry is there with another hash: the chain was made anew.</summary>
    NotAsExpected,
}

/// <param name="Seq">Place in the chain.</param>
/// <param name="Id">Of the entry; null where it is not there.</param>
/// <param name="Message">What is wrong, in words.</param>
internal sealed record AuditBreak(long Seq, Guid? Id, AuditFault Fault, string Message);

/// <param name="Entries">Found unbroken, up to the break where there is one.</param>
/// <param name="Head">The last of them.</param>
/// <param name="Broken">The first thing that is wrong; null where nothing is.</param>
internal sealed record AuditVerdict(long Entries, AuditHead Head, AuditBreak? Broken);

/// <summary>Recomputes the chain from its first entry on.</summary>
internal sealed class AuditVerifier(StoreConnections connections, AuditChainKeys keys)
{
    private const int RowsAtOnce = 2_000;

    /// <param name="expected">An entry somebody wrote down; null where nobody did.</param>
    /// <param name="report">Told how many entries are done, of how many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuditVerdict> VerifyAsync(AuditHead? expected, Action<long, long> report, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenAsync(cancellationToken);
        var chain = await keys.LoadAsync(connection, null, cancellationToken);
        var total = await LastSeqAsync(connection, cancellationToken);
        var (head, used) = (AuditHead.None, -1);
        (AuditRow Row, byte[] Computed)? suspect = null;
        AuditBreak? unreadable = null;
        await foreach (var row in RowsAsync(connection, cancellationToken))
        {
            var seq = row.Seq!.Value;
            if (suspect is { } before)
            {
                return Broken(head, Explain(before.Row, before.Computed, row, KeyOf(chain, ref used, seq)));
            }

            if (seq != head.Seq + 1)
            {
                return Broken(head, seq > head.Seq
                    ? new AuditBreak(head.Seq + 1, null, AuditFault.Missing, seq == head.Seq + 2 ? $"Entry {head.Seq + 1} is missing." : $"Entries {head.Seq + 1} to {seq - 1} are missing.")
                    : new AuditBreak(seq, row.Id, AuditFault.OutOfPlace, $"Entry {seq} ({row.Id}) has no business there: {(seq < 1 ? "the first entry is 1" : "there is another with this number")}."));
            }

            if (KeyOf(chain, ref used, seq) is not { } key)
            {
                // Nothing can be said about these; what follows under another key hangs on their stored hashes and can be checked.
                unreadable ??= new AuditBreak(seq, row.Id, AuditFault.KeyUnreadable, Unreadable(chain, seq));
                head = new AuditHead(seq, row.Hash!);
                continue;
            }

            if (expected is not null && expected.Seq == seq && !expected.Hash.AsSpan().SequenceEqual(row.Hash))
            {
                return Broken(head, new AuditBreak(seq, row.Id, AuditFault.NotAsExpected, $"Entry {seq} ({row.Id}) has the hash {Convert.ToHexStringLower(row.Hash!)}, not the expected one."));
            }

            var computed = AuditChain.HashOf(key, head.Hash, seq, row);
            if (!computed.AsSpan().SequenceEqual(row.Hash))
            {
                suspect = (row, computed);
                continue;
            }

            head = new AuditHead(seq, computed);
            if (seq % RowsAtOnce == 0)
            {
                report(seq, total);
            }
        }

        return suspect is { } last ? Broken(head, Explain(last.Row, last.Computed, null, null))
            : expected is not null && expected.Seq > head.Seq ? Broken(head, new AuditBreak(head.Seq + 1, null, AuditFault.EndMissing, $"The log ends at entry {head.Seq}; entry {expected.Seq} was expected, so its end was cut off."))
            : unreadable is not null ? new AuditVerdict(unreadable.Seq - 1, head, unreadable)
            : new AuditVerdict(head.Seq, head, null);
    }

    private static AuditVerdict Broken(AuditHead head, AuditBreak broken) => new(head.Seq, head, broken);

    /// <summary>The entry after it was hashed over the true hash of this one, so it tells whether the stored hash is that.</summary>
    private static AuditBreak Explain(AuditRow row, byte[] computed, AuditRow? next, byte[]? nextKey)
    {
        var seq = row.Seq!.Value;
        if (next is not null && nextKey is not null && next.Seq == seq + 1)
        {
            if (Fits(row.Hash!))
            {
                return new AuditBreak(seq, row.Id, AuditFault.ContentChanged, $"The content of entry {seq} ({row.Id}) was changed.");
            }

            if (Fits(computed))
            {
                return new AuditBreak(seq, row.Id, AuditFault.HashChanged, $"The hash of entry {seq} ({row.Id}) was changed; its content was not.");
            }
        }

        return new AuditBreak(seq, row.Id, AuditFault.ContentOrHashChanged, $"Entry {seq} ({row.Id}) does not fit its hash: its content or its hash was changed, or entries before it were replaced.");

        bool Fits(byte[] previous) => AuditChain.HashOf(nextKey!, previous, seq + 1, next!).AsSpan().SequenceEqual(next!.Hash);
    }

    private static byte[]? KeyOf(IReadOnlyList<ChainKey> chain, ref int used, long seq)
    {
        while (used + 1 < chain.Count && chain[used + 1].FromSeq <= seq)
        {
            used++;
        }

        return used < 0 ? null : chain[used].Secret;
    }

    private static string Unreadable(IReadOnlyList<ChainKey> chain, long seq)
    {
        var until = chain.FirstOrDefault(key => key.FromSeq > seq && key.Secret is not null)?.FromSeq;
        return string.Create(CultureInfo.InvariantCulture, $"Entry {seq} and those after it{(until is { } next ? $", up to {next - 1}," : "")} cannot be verified: their key cannot be read, because the keys directory that belongs to this database is missing. Whether they were changed is not known.");
    }

    private static async Task<long> LastSeqAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select coalesce(max(seq), 0) from audit_log where seq is not null";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>In pieces, so that neither memory nor a long transaction grows with the log. By id too: two entries at one place must both be seen.</summary>
    private async IAsyncEnumerable<AuditRow> RowsAsync(DbConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (seq, id) = (long.MinValue, Guid.Empty);
        while (true)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select {AuditRow.Columns} from audit_log where seq is not null and seq >= @seq and (seq > @seq or id > @id) order by seq, id limit {RowsAtOnce}";
            command.Add("seq", seq).Add("id", connections.Stored(id));
            var rows = new List<AuditRow>(RowsAtOnce);
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(AuditRow.Read(reader));
                }
            }

            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < RowsAtOnce)
            {
                yield break;
            }

            (seq, id) = (rows[^1].Seq!.Value, rows[^1].Id);
        }
    }
}
