using System.Security.Cryptography;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.FieldExport;
using MeterSync.Modules.Sync.Pushing;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Keeps what could not be applied, with its bytes, until a person has dealt with it. The same bytes sent again are the same fault. Inside the transaction of the batch.</summary>
internal sealed class FaultBook(MeterSyncDb db, CallerAccessor callers, IdSource ids)
{
    /// <summary>Two queries where something was refused, one otherwise.</summary>
    public async Task KeepAsync(PushBatch batch, FieldDeviceId device, IReadOnlyList<PushItem> items, CancellationToken cancellationToken)
    {
        await SettleAppliedAsync(items, batch.ReceivedAt, cancellationToken);
        var refused = items.Where(item => item.Problem is not null).Select(item => (Item: item, Hash: SHA256.HashData(item.Raw.Span))).ToList();
        if (refused.Count == 0 || !batch.KeepsFaults)
        {
            return;
        }

        var hashes = refused.ConvertAll(one => one.Hash);
        var known = (await db.Set<SyncFault>().Where(fault => fault.DeviceId == device && hashes.Contains(fault.RawHash)).ToListAsync(cancellationToken)).ToDictionary(fault => Convert.ToHexString(fault.RawHash));
        foreach (var (item, hash) in refused)
        {
            var key = Convert.ToHexString(hash);
            if (known.TryGetValue(key, out var before))
            {
                before.Times++;
                Renew(before, item);
                continue;
            }

            var made = Made(batch, device, item, hash);
            known.Add(key, made);
            db.Add(made);
        }
    }

    /// <summary>What was refused once may be in conflict now, after another of the same id went through: that is for a person again.</summary>
    private static void Renew(SyncFault known, PushItem item)
    {
        if (item.Status == PushStatus.Conflict && known.Kind == SyncFaultKind.Quarantine)
        {
            (known.Kind, known.Status, known.Resolution, known.ResolvedAt) = (SyncFaultKind.Conflict, SyncFaultStatus.Open, null, null);
            (known.Code, known.Message, known.Explanation) = (item.Problem!.Code.Code, item.Problem.Message, ExplanationOf(item));
        }
    }

    private SyncFault Made(PushBatch batch, FieldDeviceId device, PushItem item, byte[] hash) => new()
    {
        Id = ids.Next<SyncFaultId>(),
        Kind = item.Status == PushStatus.Conflict ? SyncFaultKind.Conflict : SyncFaultKind.Quarantine,
        DeviceId = device,
        UserId = callers.Caller.UserId ?? default,
        BatchId = batch.Head.BatchId,
        ClientId = item.ClientId,
        Entity = item.Entity,
        Raw = item.Raw.ToArray(),
        RawHash = hash,
        SentClock = batch.Head.Clock?.AsClock(null) is { } clock ? JsonSerializer.Serialize(clock, FieldExportJson.Default.PhoneClock) : null,
        Code = item.Problem!.Code.Code,
        Message = item.Problem.Message,
        Explanation = ExplanationOf(item),
        ReceivedAt = batch.ReceivedAt,
        Times = 1,
        Status = SyncFaultStatus.Open,
    };

    /// <summary>What was refused once and went through now needs nobody any more.</summary>
    private async Task SettleAppliedAsync(IReadOnlyList<PushItem> items, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Guid> applied = [.. items.Where(item => item.Status is PushStatus.Applied or PushStatus.Duplicate).Select(item => item.ClientId).OfType<Guid>()];
        if (applied.Count == 0)
        {
            return;
        }

        var me = callers.Caller.UserId ?? default;
        foreach (var fault in await db.Among<SyncFault>(nameof(SyncFault.ClientId), applied).Where(fault => fault.Status == SyncFaultStatus.Open && fault.Kind == SyncFaultKind.Quarantine && fault.UserId == me).ToListAsync(cancellationToken))
        {
            (fault.Status, fault.Resolution, fault.ResolvedAt) = (SyncFaultStatus.Resolved, SyncFaultResolution.Retried, now);
        }
    }

    private static string ExplanationOf(PushItem item) => item.Status == PushStatus.Conflict
        ? $"The phone sent two different contents under one id ({item.ClientId}). The first one is stored and counts; this is the second. Take it if it is the right one: it then corrects the first, and both stay on record. Dismiss it if the first is right."
        : item.ClientId is null
            ? $"Something in a batch could not be read: {item.Problem!.Message} Nothing of it was applied; its bytes are kept here. Enter by hand what can be made out, then dismiss it."
            : $"The {(item.Entity ?? "item").Replace('_', ' ')} was refused: {item.Problem!.Message} Nothing of it was applied. Mend the cause (for example, give the meter to the agent) and try it again, or dismiss it.";
}
