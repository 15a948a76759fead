using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.RevokeFieldDevice;

internal static class RevokeFieldDeviceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/field-devices/{id:guid}", async (Guid id, RevokeFieldDeviceHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new FieldDeviceId(id), cancellationToken)).ToAnswer("The phone was revoked: its sessions have ended, and it locks at its next contact."))
            .Slice<FieldDeviceView>("RevokeFieldDevice", "Refuse a lost phone from now on, and end the sessions it came with").RequirePermission(SyncPermissions.Resolve);
}

internal sealed class RevokeFieldDeviceHandler(MeterSyncDb db, WriteTransactions transactions, FieldDevices devices, FieldDeviceViews views, ISessionEnds sessions, CallerAccessor callers, TimeProvider clock)
{
    public Task<Outcome<FieldDeviceView>> HandleAsync(FieldDeviceId id, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => RevokeAsync(id, token), cancellationToken);

    private async Task<Outcome<FieldDeviceView>> RevokeAsync(FieldDeviceId id, CancellationToken cancellationToken)
    {
        if (await views.FindAsync(id, cancellationToken) is not { } seen || await devices.ForUpdateAsync(id, cancellationToken) is not { } device)
        {
            return FieldDeviceProblems.NotFound.Because($"There is no phone {id.Value}.");
        }

        if (device.RevokedAt is null)
        {
            (device.RevokedAt, device.RevokedBy) = (clock.GetUtcNow().ToStored(), callers.Caller.UserId);
            var told = new JsonObject { ["user_id"] = device.UserId.Value.ToString(), ["device_id"] = device.DeviceKey };
            db.Add(await AuditTrail.ComposeAsync(db, "field_device.revoked", "field_device", id.Value, null, told.ToJsonString(), cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
        }

        // Those it came with before it was revoked, and one that may have slipped in beside that.
        var came = await db.Set<FieldDeviceSession>().Where(session => session.DeviceId == id).Select(session => session.SessionId).ToListAsync(cancellationToken);
        await sessions.EndAsync([.. came.Concat(device.SessionId is { } last ? [last] : []).Distinct()], cancellationToken);
        return seen with { RevokedAt = device.RevokedAt, RevokedBy = device.RevokedBy?.Value };
    }
}
