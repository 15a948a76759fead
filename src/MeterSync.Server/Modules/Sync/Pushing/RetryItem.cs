using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.FieldExport;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>Applies a refused item after all: as its agent's, with what whoever asks may see and do.</summary>
internal sealed class RetryItem(MeterSyncDb db, ReadBatch reading, ApplyBatch applying, IPersonNames names, CallerAccessor callers)
{
    /// <returns>Null where it went through, or had done so before.</returns>
    public async Task<Problem?> RunAsync(SyncFault fault, JsonElement? mended, CancellationToken cancellationToken)
    {
        var device = await db.Set<FieldDevice>().AsNoTracking().FirstAsync(one => one.Id == fault.DeviceId, cancellationToken);
        var item = mended is { ValueKind: JsonValueKind.Object } given ? System.Text.Encoding.UTF8.GetBytes(given.GetRawText()) : fault.Raw;
        var asking = callers.Caller;
        callers.Caller = asking with { UserId = fault.UserId, Name = (await names.FindAsync([fault.UserId], cancellationToken)).GetValueOrDefault(fault.UserId, "agent"), SessionId = null, ApiKeyId = null, IsForAgent = true };
        try
        {
            // It was captured when it was, whatever the clock says now.
            var read = reading.ReadOne(item, device.DeviceKey, fault.SentClock is { } sent ? JsonSerializer.Deserialize(sent, FieldExportJson.Default.PhoneClock) : null, fault.ReceivedAt);
            if (!read.Succeeded)
            {
                return read.Problem;
            }

            if (mended is not null && RefuseMended(fault, read.Value.Items[0]) is { } refusal)
            {
                return refusal;
            }

            var applied = await applying.RunAsync(read.Value with { OnBehalfOf = device.Id, KeepsFaults = false }, cancellationToken);
            return !applied.Succeeded ? applied.Problem
                : applied.Value.Items[0].Problem is { } still ? SyncProblems.RetryRefused.Because(still.Message, still.Details ?? new Dictionary<string, string[]>())
                : null;
        }
        finally
        {
            callers.Caller = asking;
        }
    }

    /// <summary>What is mended stays the item that came, and a proposal stays its agent's word: whoever mends it could otherwise propose in another's name, and decide about it.</summary>
    private static Problem? RefuseMended(SyncFault fault, PushItem item) =>
        fault.ClientId is { } id && item.ClientId != id ? SyncProblems.RetryRefused.For("item.client_id", $"The item came as {id}: a mended one keeps that.")
        : fault.Entity is { } entity && item.Entity != entity ? SyncProblems.RetryRefused.For("item.entity", $"The item came as {entity}: a mended one keeps that.")
        : item.Entity is "approval" or "found_meter" ? SyncProblems.RetryRefused.For("item.entity", "A proposal is tried again as it came, or made anew by whoever proposes it.")
        : null;
}
