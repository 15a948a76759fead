using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.GetSyncReceipts;

internal sealed record GetSyncReceiptsRequest
{
    /// <summary>What the phone calls itself; or the header X-Device-Id.</summary>
    [FromQuery(Name = "device_id")]
    [StringLength(DeviceContact.MostKey)]
    public string? DeviceId { get; init; }

    /// <summary>Whose phone; the caller's where left out. For the office.</summary>
    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    /// <summary>The server_seq after which to begin; 0 for all.</summary>
    [Range(0L, long.MaxValue)]
    public long? After { get; init; }

    /// <summary>500 where left out.</summary>
    [Range(1, 1_000)]
    public int? Limit { get; init; }
}

/// <param name="Items">In order.</param>
/// <param name="Next">To be given as after for the next part; null at the end.</param>
internal sealed record ReceiptListView(IReadOnlyList<ItemReceiptView> Items, long? Next);

/// <param name="ContentHash">64 hex digits: with it and the chain before, the chain can be recomputed.</param>
/// <param name="ServerId">What the item became.</param>
internal sealed record ItemReceiptView(Guid ClientId, long ServerSeq, string Chain, string Mac, string ContentHash, string Entity, Guid ServerId, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt);

internal static class GetSyncReceiptsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/receipts", async ([AsParameters] GetSyncReceiptsRequest request, HttpRequest http, GetSyncReceiptsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request.DeviceId is null ? request with { DeviceId = http.Headers["X-Device-Id"].FirstOrDefault() } : request, cancellationToken)).ToAnswer())
            .Slice<ReceiptListView>("GetSyncReceipts", "What the server holds of a phone, each hanging on the one before").RequirePermission(SyncPermissions.Read).CountedAs(RateGroup.Sync);
}

internal sealed class GetSyncReceiptsHandler(MeterSyncDb db, FaultQueries scope, CallerAccessor callers)
{
    private const int Usual = 500;

    public async Task<Outcome<ReceiptListView>> HandleAsync(GetSyncReceiptsRequest request, CancellationToken cancellationToken)
    {
        if (request.DeviceId?.Trim() is not { Length: > 0 } key)
        {
            return SyncProblems.DeviceMissing.For("device_id", "Say which phone: device_id, or the header X-Device-Id.");
        }

        var owner = request.UserId is { } given ? new UserId(given) : callers.Caller.UserId ?? default;
        var device = await scope.VisibleDevices().AsNoTracking().Where(one => one.UserId == owner && one.DeviceKey == key).Select(one => (FieldDeviceId?)one.Id).FirstOrDefaultAsync(cancellationToken);
        if (device is not { } id)
        {
            return FieldDeviceProblems.NotFound.Because($"Nothing came from a phone {key} of this person.");
        }

        var (after, limit) = (request.After ?? 0, request.Limit ?? Usual);
        var rows = await db.Set<SyncItem>().AsNoTracking().Where(item => item.DeviceId == id && item.ServerSeq > after).OrderBy(item => item.ServerSeq).Take(limit + 1)
            .Select(item => new { item.ClientId, item.ServerSeq, item.Chain, item.Mac, item.ContentHash, item.Entity, item.EntityId, item.CapturedAt, item.ReceivedAt }).ToListAsync(cancellationToken);
        var shown = rows.Take(limit).Select(item => new ItemReceiptView(
            item.ClientId, item.ServerSeq, Convert.ToHexStringLower(item.Chain), Convert.ToHexStringLower(item.Mac), Convert.ToHexStringLower(item.ContentHash), item.Entity, item.EntityId, item.CapturedAt, item.ReceivedAt)).ToList();
        return new ReceiptListView(shown, rows.Count > limit ? shown[^1].ServerSeq : null);
    }
}
