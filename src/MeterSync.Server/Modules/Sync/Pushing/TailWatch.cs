using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>A phone shows its newest receipt. Where we gave it in this epoch and the database does not know it, the database has lost its end: another epoch begins, and every phone pushes again what
/// it was told was held. The phones are the witnesses, so that nothing beside the database has to be kept true.</summary>
internal sealed class TailWatch(MeterSyncDb db, Epochs epochs, ILogger<TailWatch> log)
{
    /// <summary>The epoch that begins, to be saved; null where nothing is missing.</summary>
    public async Task<Epoch?> LookAsync(PushBatch batch, FieldDevice device, IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        if (batch.Head is not { LastReceipt: { } shown, Epoch: { } of } || !TryRead(shown, out var chain, out var mac))
        {
            return null;
        }

        if (shown.ServerSeq <= device.Seq && await db.Set<SyncItem>().AsNoTracking().Where(item => item.DeviceId == device.Id && item.ServerSeq == shown.ServerSeq).Select(item => item.Chain).FirstOrDefaultAsync(cancellationToken) is { } known
            && known.AsSpan().SequenceEqual(chain))
        {
            return null;
        }

        if (shown.ServerSeq <= device.LostSeq || !keys.Any(key => CryptographicOperations.FixedTimeEquals(Receipts.MacOf(key, device.UserId, device.DeviceKey, shown.ClientId, shown.ServerSeq, chain), mac)))
        {
            return null;
        }

        // Numbers go on behind what was lost, and what is known to be lost is told of once: a receipt shown again, or by an upload that was under way beside this, begins no further epoch.
        device.LostSeq = shown.ServerSeq;
        device.Seq = Math.Max(device.Seq, shown.ServerSeq);
        if ((await epochs.CurrentAsync(cancellationToken)).Id != of)
        {
            return null; // of an epoch that has ended already
        }

        log.LogCritical("The database has lost what was committed: device {Device} holds receipt {Seq} of epoch {Epoch}, which is not here (last known: {Known}). Another epoch begins; phones push again", device.Id.Value, shown.ServerSeq, of, device.Seq);
        var begun = await epochs.BeginAsync(EpochReason.TailLost, cancellationToken);
        SyncMetrics.TailLost();
        return begun;
    }

    private static bool TryRead(LastReceiptRequest shown, out byte[] chain, out byte[] mac)
    {
        (chain, mac) = ([], []);
        if (shown is not { Chain.Length: Receipts.HashBytes * 2, Mac.Length: Receipts.HashBytes * 2 } || !shown.Chain.All(char.IsAsciiHexDigit) || !shown.Mac.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        (chain, mac) = (Convert.FromHexString(shown.Chain), Convert.FromHexString(shown.Mac));
        return true;
    }
}
