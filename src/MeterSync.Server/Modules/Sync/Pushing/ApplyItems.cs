using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>Applies items inside one transaction: those known are answered as the first time, the others applied in turns, each with a receipt; what could not be applied is kept.
/// The number of questions to the database does not grow with the number of readings.</summary>
internal sealed class ApplyItems(
    MeterSyncDb db, BulkStore bulk, FieldDevices devices, Epochs epochs, TailWatch tail, FaultBook faults, ReadItems reading, IMeterRegistry meters, IFieldLocks locks, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<AppliedBatch>> RunAsync(PushBatch batch, FieldDeviceId deviceId, IReadOnlyList<byte[]> keys, IReadOnlyList<PushItem> items, CancellationToken cancellationToken)
    {
        // Its lock first: parallel batches of one phone wait here, so that its chain does not fork.
        var locked = batch.OnBehalfOf is null ? await devices.LockAsync(deviceId, cancellationToken) : (await devices.ForUpdateAsync(deviceId, cancellationToken))!;
        if (!locked.Succeeded)
        {
            return locked.Problem;
        }

        var device = locked.Value;
        var epoch = await tail.LookAsync(batch, device, keys, cancellationToken) ?? await epochs.CurrentAsync(cancellationToken);
        await AnswerKnownAsync(items, cancellationToken);
        foreach (var item in items.Where(item => item is { Barred: not null, Status: null }))
        {
            item.Reject(item.Barred!);
        }

        var fresh = Fresh(items, out var echoes);
        if (fresh.Count > 0)
        {
            await ApplyAsync(fresh, cancellationToken);
            await GiveReceiptsAsync(device, fresh, keys[0], cancellationToken);
        }

        foreach (var (echo, first) in echoes)
        {
            Echo(echo, first);
        }

        await faults.KeepAsync(batch, device.Id, items, cancellationToken);
        if (batch.OnBehalfOf is null)
        {
            batch.Contact.Book(device, callers.Caller.SessionId, clock.GetUtcNow().ToStored());
        }

        db.Entry(device).State = EntityState.Modified;
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return new AppliedBatch(epoch.Id, batch.ReceivedAt, items);
    }

    /// <summary>Lower ones first, whatever the order in the batch: work is begun before it ends, a reading is there before its note.</summary>
    public int TurnOf(PushItem item) => item.Field is { } field ? field.Turn ?? reading.EntityOf(item).Turn : 0;

    /// <summary>Items that came before get the first answer and receipt, or are in conflict with it.</summary>
    private async Task AnswerKnownAsync(IReadOnlyList<PushItem> items, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. items.Where(item => item is { Field: not null, Status: null }).Select(item => item.ClientId!.Value).Distinct()];
        if (ids.Count == 0)
        {
            return;
        }

        var me = callers.Caller.UserId;
        var known = await (
            from item in db.Among<SyncItem>(nameof(SyncItem.ClientId), ids).AsNoTracking()
            join device in db.Set<FieldDevice>() on item.DeviceId equals device.Id
            select new { Item = item, device.UserId }).ToDictionaryAsync(row => row.Item.ClientId, cancellationToken);
        foreach (var item in items.Where(item => item is { Field: not null, Status: null }))
        {
            if (!known.TryGetValue(item.ClientId!.Value, out var row))
            {
                continue;
            }

            var first = row.Item;
            if (row.UserId == me && first.Entity == item.Entity && first.Op == item.Op && item.Field!.ContentHash.AsSpan().SequenceEqual(first.ContentHash))
            {
                item.Answer(PushStatus.Duplicate, first.EntityId, first.Version, first.Verdict, new Receipt(first.ServerSeq, first.Chain, first.Mac));
            }
            else
            {
                item.Reject(InConflict(item), isConflict: true);
            }
        }
    }

    private static Problem InConflict(PushItem item) =>
        SyncProblems.ClientIdConflict.For("client_id", $"The client_id {item.ClientId} came before with other content. What came first counts; this is kept for a person to decide.");

    /// <summary>Items to apply; a second one of the same client_id in the batch waits for the first.</summary>
    private static List<PushItem> Fresh(IReadOnlyList<PushItem> items, out List<(PushItem Echo, PushItem First)> echoes)
    {
        var fresh = new List<PushItem>(items.Count);
        var firsts = new Dictionary<Guid, PushItem>();
        echoes = [];
        foreach (var item in items.Where(item => item is { Field: not null, Status: null }))
        {
            if (firsts.TryAdd(item.ClientId!.Value, item))
            {
                fresh.Add(item);
            }
            else
            {
                echoes.Add((item, firsts[item.ClientId.Value]));
            }
        }

        return fresh;
    }

    private static void Echo(PushItem echo, PushItem first)
    {
        var isSame = first.Entity == echo.Entity && first.Op == echo.Op && first.Field!.ContentHash.AsSpan().SequenceEqual(echo.Field!.ContentHash);
        if (!isSame)
        {
            echo.Reject(InConflict(echo), isConflict: true);
        }
        else if (first is { Receipt: { } receipt, ServerId: { } id })
        {
            echo.Answer(PushStatus.Duplicate, id, first.Version, first.Verdict, receipt);
        }
        else
        {
            echo.Reject(first.Problem!, first.Status == PushStatus.Conflict);
        }
    }

    private async Task ApplyAsync(List<PushItem> fresh, CancellationToken cancellationToken)
    {
        var standing = await LockAsync(fresh, cancellationToken);
        foreach (var turn in fresh.GroupBy(item => (Turn: TurnOf(item), item.Entity)).OrderBy(group => group.Key.Turn).ThenBy(group => group.Key.Entity, StringComparer.Ordinal))
        {
            var items = turn.Select(item => item.Field!).ToList();
            await reading.EntityOf(turn.First()).ApplyAsync(standing, items, cancellationToken);
        }

        foreach (var item in fresh)
        {
            var result = item.Field!.Result ?? throw new InvalidOperationException($"The entity {item.Entity} left an item without a result.");
            if (!result.Succeeded)
            {
                item.Reject(result.Problem, item.Field.IsConflict);
            }
        }
    }

    /// <summary>Meters, then assignments and agents, each by id: the order of everybody.</summary>
    private async Task<FieldBatch> LockAsync(List<PushItem> fresh, CancellationToken cancellationToken)
    {
        List<AssignmentId> assignments = [.. fresh.Select(item => item.Field!.Assignment).OfType<AssignmentId>().Distinct()];
        var ofAssignments = assignments.Count == 0 ? new Dictionary<AssignmentId, MeterId>() : await locks.MetersOfAsync(assignments, cancellationToken);
        var named = fresh.Select(item => item.Field!.Meter).OfType<NamedMeter>().ToList();
        var serials = named.Where(meter => meter.Id is null).Select(meter => meter.SerialNumber).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var bySerial = serials.Count == 0 ? new Dictionary<string, MeterForReading>() : await meters.FindBySerialAsync(serials, cancellationToken);
        var others = new List<MeterId>();
        foreach (var group in fresh.GroupBy(item => item.Entity))
        {
            others.AddRange(await reading.EntityOf(group.First()).MetersOfAsync([.. group.Select(item => item.Field!)], cancellationToken));
        }

        List<MeterId> ids = [.. named.Select(meter => meter.Id).OfType<MeterId>().Concat(bySerial.Values.Select(meter => meter.Id)).Concat(ofAssignments.Values).Concat(others).Distinct()];
        var locked = ids.Count == 0 ? [] : await meters.LockAllAsync(ids, cancellationToken);
        await locks.HoldAsync(ids, assignments, cancellationToken);
        return new FieldBatch(locked.ToDictionary(meter => meter.Id));
    }

    private async Task GiveReceiptsAsync(FieldDevice device, List<PushItem> fresh, byte[] key, CancellationToken cancellationToken)
    {
        var rows = new List<SyncItem>(fresh.Count);
        var user = device.UserId;
        foreach (var item in fresh)
        {
            if (item.Field!.Result is not { Succeeded: true, Value: { } applied })
            {
                continue;
            }

            var clientId = item.ClientId!.Value;
            device.Seq++;
            device.Chain = Receipts.ChainOf(device.Chain, clientId, item.Field.ContentHash, device.Seq);
            var receipt = new Receipt(device.Seq, device.Chain, Receipts.MacOf(key, user, device.DeviceKey, clientId, device.Seq, device.Chain));
            item.Answer(applied.AlreadyThere ? PushStatus.Duplicate : PushStatus.Applied, applied.Id, applied.Version, applied.Verdict, receipt);
            rows.Add(new SyncItem
            {
                ClientId = clientId,
                DeviceId = device.Id,
                ServerSeq = receipt.ServerSeq,
                Entity = item.Entity!,
                Op = item.Op,
                EntityId = applied.Id,
                ContentHash = item.Field.ContentHash,
                Chain = receipt.Chain,
                Mac = receipt.Mac,
                Version = applied.Version,
                Verdict = applied.Verdict,
                WallAt = item.Clock.Wall,
                MonotonicMs = item.Clock.MonotonicMs,
                ServerOffsetMs = item.Clock.ServerOffsetMs,
                CapturedAt = item.Time.CapturedAt,
                ReceivedAt = item.Field.Message.ReceivedAt,
            });
        }

        await bulk.InsertAsync(rows, cancellationToken);
    }
}
