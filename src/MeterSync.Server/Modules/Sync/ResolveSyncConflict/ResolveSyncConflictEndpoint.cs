using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.ResolveSyncConflict;

/// <param name="Action">dismiss: the first stays. take: the second one's values correct the first; for readings.</param>
internal sealed record ResolveSyncConflictRequest(
    [property: Required, AllowedValues("dismiss", "take", ErrorMessage = "The action is one of: dismiss, take.")] string? Action,
    [property: PlainText(1000, AllowLines = true)] string? Note);

internal static class ResolveSyncConflictEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sync/conflicts/{id:guid}/resolve", async (Guid id, ResolveSyncConflictRequest request, ResolveSyncConflictHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, cancellationToken)).ToAnswer())
            .Slice<FaultView>("ResolveSyncConflict", "Let the first content stand, or take the second").RequirePermission(SyncPermissions.Resolve)
            .BodyLike("""{"action":"dismiss","note":"Typed twice; the first is right"}""");
}

internal sealed class ResolveSyncConflictHandler(MeterSyncDb db, WriteTransactions transactions, SettleFault settling, FaultQueries faults, IReadingDecisions decisions)
{
    public Task<Outcome<FaultView>> HandleAsync(Guid id, ResolveSyncConflictRequest request, CancellationToken cancellationToken) => transactions.RunAsync(token => ResolveAsync(id, request, token), cancellationToken);

    private async Task<Outcome<FaultView>> ResolveAsync(Guid id, ResolveSyncConflictRequest request, CancellationToken cancellationToken)
    {
        var found = await settling.FindAsync(id, SyncFaultKind.Conflict, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var fault = found.Value;
        if (request.Action == "take")
        {
            var taken = await TakeAsync(fault, request.Note, cancellationToken);
            if (!taken.Succeeded)
            {
                return taken.Problem;
            }
        }

        await settling.ResolveAsync(fault, request.Action == "take" ? SyncFaultResolution.Taken : SyncFaultResolution.Dismissed, request.Note, mended: null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return (await faults.ShowAsync([fault], cancellationToken))[0];
    }

    private async Task<Outcome<Done>> TakeAsync(SyncFault fault, string? note, CancellationToken cancellationToken)
    {
        if (fault.Entity != "reading" || await FirstAsync(fault, cancellationToken) is not { } first)
        {
            return SyncProblems.NotTakeable.Because("Only two readings of one person under one id can take each other's place. Record by hand what is right, then dismiss this.");
        }

        using var sent = JsonDocument.Parse(fault.Raw);
        var payload = sent.RootElement.TryGetProperty("payload", out var inner) ? inner : sent.RootElement;
        return await decisions.TakeValuesAsync(first, payload, string.IsNullOrWhiteSpace(note) ? "The second content the phone sent is the right one." : note.Trim(), cancellationToken);
    }

    /// <summary>The reading that the same person sent first, whichever way it came.</summary>
    private async Task<ReadingId?> FirstAsync(SyncFault fault, CancellationToken cancellationToken)
    {
        var brought = await (
            from item in db.Set<SyncItem>().AsNoTracking()
            join device in db.Set<FieldDevice>() on item.DeviceId equals device.Id
            where item.ClientId == fault.ClientId
            select new { Item = item, device.UserId }).FirstOrDefaultAsync(cancellationToken);
        return brought is not null
            ? brought is { Item: { Entity: "reading", Op: FieldOp.Create } } && brought.UserId == fault.UserId ? new ReadingId(brought.Item.EntityId) : null
            : await db.OfReadings().Where(reading => reading.ClientId == fault.ClientId && reading.AgentId == fault.UserId).Select(reading => (ReadingId?)reading.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
