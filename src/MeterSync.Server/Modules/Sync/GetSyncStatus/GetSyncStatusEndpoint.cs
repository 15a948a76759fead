using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Sync.GetSyncStatus;

internal sealed record GetSyncStatusRequest
{
    /// <summary>What the phone calls itself; or the header X-Device-Id.</summary>
    [FromQuery(Name = "device_id")]
    [StringLength(DeviceContact.MostKey)]
    public string? DeviceId { get; init; }
}

/// <summary>Where syncing stands.</summary>
/// <param name="Epoch">The life of the server's data.</param>
/// <param name="EpochReason">Why it began.</param>
/// <param name="MostItems">Of a batch.</param>
/// <param name="MostBytes">Of a batch, unpacked.</param>
/// <param name="Device">The caller's phone; null where none is named or it never came.</param>
/// <param name="OpenConflicts">That the caller may see; quarantined items likewise.</param>
/// <param name="UnsentItems">What phones said they still hold.</param>
internal sealed record SyncStatusView(
    Guid Epoch,
    EpochReason EpochReason,
    DateTimeOffset EpochBeganAt,
    DateTimeOffset ServerTime,
    int MostItems,
    long MostBytes,
    DeviceStandingView? Device,
    int OpenConflicts,
    int OpenQuarantine,
    int Devices,
    long UnsentItems);

/// <param name="LastSeq">Number of the newest receipt; 0 before the first.</param>
/// <param name="Chain">Its chain.</param>
internal sealed record DeviceStandingView(Guid Id, long LastSeq, string Chain, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool Revoked);

internal static class GetSyncStatusEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/status", async ([AsParameters] GetSyncStatusRequest request, HttpRequest http, GetSyncStatusHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request.DeviceId ?? http.Headers["X-Device-Id"].FirstOrDefault(), cancellationToken)).ToAnswer())
            .Slice<SyncStatusView>("GetSyncStatus", "The epoch, the limits, and what waits").RequirePermission(SyncPermissions.Read).CountedAs(RateGroup.Sync);
}

internal sealed class GetSyncStatusHandler(MeterSyncDb db, Epochs epochs, FaultQueries faults, IOptions<SyncOptions> options, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<SyncStatusView>> HandleAsync(string? deviceKey, CancellationToken cancellationToken)
    {
        var epoch = await epochs.CurrentAsync(cancellationToken);
        var me = callers.Caller.UserId ?? default;
        var device = deviceKey is null ? null : await db.Set<FieldDevice>().AsNoTracking().FirstOrDefaultAsync(one => one.UserId == me && one.DeviceKey == deviceKey, cancellationToken);
        var open = await faults.Visible().Where(fault => fault.Status == SyncFaultStatus.Open).GroupBy(fault => fault.Kind).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var unsent = await faults.VisibleDevices().Where(one => one.RevokedAt == null).GroupBy(_ => 1).Select(group => new { Count = group.Count(), Unsent = group.Sum(one => (long?)one.UnsentCount) }).FirstOrDefaultAsync(cancellationToken);
        return new SyncStatusView(
            epoch.Id,
            epoch.Reason,
            epoch.BeganAt,
            clock.GetUtcNow().ToStored(),
            options.Value.MostItems,
            options.Value.MostMegabytes * 1024L * 1024,
            device is null ? null : new DeviceStandingView(device.Id.Value, device.Seq, Convert.ToHexStringLower(device.Chain), device.FirstSeenAt, device.LastSeenAt, device.RevokedAt is not null),
            open.Find(row => row.Key == SyncFaultKind.Conflict)?.Count ?? 0,
            open.Find(row => row.Key == SyncFaultKind.Quarantine)?.Count ?? 0,
            unsent?.Count ?? 0,
            unsent?.Unsent ?? 0);
    }
}
