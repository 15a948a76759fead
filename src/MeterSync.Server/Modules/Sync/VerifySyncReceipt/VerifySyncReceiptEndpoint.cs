using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.VerifySyncReceipt;

/// <param name="UserId">Whose phone; the caller's where left out.</param>
/// <param name="Chain">64 hex digits.</param>
/// <param name="Mac">64 hex digits.</param>
internal sealed record VerifySyncReceiptRequest(
    Guid? UserId,
    [property: Required, StringLength(DeviceContact.MostKey, MinimumLength = 1)] string? DeviceId,
    [property: Required] Guid? ClientId,
    [property: Required, Range(1L, long.MaxValue)] long? ServerSeq,
    [property: Required, RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "The chain has 64 hex digits.")] string? Chain,
    [property: Required, RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "The mac has 64 hex digits.")] string? Mac);

/// <param name="Genuine">This server, or one with its keys, gave the receipt.</param>
/// <param name="Held">The item is in the database with this receipt. Genuine and not held: the database lost it.</param>
internal sealed record ReceiptCheckView(bool Genuine, bool Held, Guid? ServerId);

internal static class VerifySyncReceiptEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sync/receipts/verify", async (VerifySyncReceiptRequest request, VerifySyncReceiptHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<ReceiptCheckView>("VerifySyncReceipt", "Whether a receipt that a phone shows is genuine, and what it was given for is held").RequirePermission(SyncPermissions.Read)
            .BodyLike("""{"device_id":"phone-7","client_id":"01890000-0000-7000-8000-000000000010","server_seq":1,"chain":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","mac":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}""");
}

internal sealed class VerifySyncReceiptHandler(MeterSyncDb db, FaultQueries scope, ReceiptKeys keys, CallerAccessor callers)
{
    public async Task<Outcome<ReceiptCheckView>> HandleAsync(VerifySyncReceiptRequest request, CancellationToken cancellationToken)
    {
        var owner = request.UserId is { } given ? new UserId(given) : callers.Caller.UserId ?? default;
        var (chain, mac) = (Convert.FromHexString(request.Chain!), Convert.FromHexString(request.Mac!));
        var isGenuine = (await keys.AllAsync(cancellationToken)).Any(key => CryptographicOperations.FixedTimeEquals(Receipts.MacOf(key, owner, request.DeviceId!, request.ClientId!.Value, request.ServerSeq!.Value, chain), mac));
        var held = !isGenuine ? null : await (
            from device in scope.VisibleDevices()
            join item in db.Set<SyncItem>() on device.Id equals item.DeviceId
            where device.UserId == owner && device.DeviceKey == request.DeviceId && item.ServerSeq == request.ServerSeq && item.ClientId == request.ClientId
            select new { item.EntityId, item.Chain }).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        var isHeld = held is not null && held.Chain.AsSpan().SequenceEqual(chain);
        return new ReceiptCheckView(isGenuine, isHeld, isHeld ? held!.EntityId : null);
    }
}
