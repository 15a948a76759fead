using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.ListFieldDevices;

internal sealed record ListFieldDevicesRequest : IPageRequest
{
    /// <summary>Part of the phone's name, of what it calls itself, or of its app's version.</summary>
    [StringLength(200)]
    public string? Search { get; init; }

    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    /// <summary>Only those that are refused, or only those that are not.</summary>
    public bool? Revoked { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListFieldDevicesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/field-devices", async ([AsParameters] ListFieldDevicesRequest request, ListFieldDevicesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<FieldDeviceView>>("ListFieldDevices", "Phones, the one longest out of touch first").RequirePermission(SyncPermissions.Read);
}

internal sealed class ListFieldDevicesHandler(FieldDeviceViews views)
{
    public async Task<Outcome<Page<FieldDeviceView>>> HandleAsync(ListFieldDevicesRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var devices = Filtered(views.Visible(), request);
        var total = await devices.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await devices.OrderBy(device => device.LastSeenAt).ThenBy(device => device.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(found, cancellationToken), total, page, limit);
    }

    private static IQueryable<FieldDevice> Filtered(IQueryable<FieldDevice> devices, ListFieldDevicesRequest request)
    {
        if (request.UserId is { } id)
        {
            var user = new UserId(id);
            devices = devices.Where(device => device.UserId == user);
        }

        if (request.Revoked is { } revoked)
        {
            devices = devices.Where(device => device.RevokedAt != null == revoked);
        }

        if (request.Search?.Trim().ToLowerInvariant() is { Length: > 0 } term)
        {
            devices = devices.Where(device => device.DeviceKey.ToLower().Contains(term) || device.Name!.ToLower().Contains(term) || device.AppVersion!.ToLower().Contains(term));
        }

        return devices;
    }
}
