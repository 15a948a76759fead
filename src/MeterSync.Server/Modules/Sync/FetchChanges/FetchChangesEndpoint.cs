using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Sync.FetchChanges;

/// <summary>Without a device's id nothing is booked.</summary>
internal sealed record FetchChangesRequest
{
    public const int MostAtOnce = 2_000;
    public const int DefaultAtOnce = 500;

    /// <summary>Of the page before; left out for all there is.</summary>
    [StringLength(1_000)]
    public string? Cursor { get; init; }

    /// <summary>Changes looked at for one page; 500 where nothing is said.</summary>
    [Range(1, MostAtOnce)]
    public int? Limit { get; init; }

    /// <summary>What the phone calls itself.</summary>
    [FromHeader(Name = "X-Device-Id"), StringLength(DeviceContact.MostKey, MinimumLength = 1)]
    public string? DeviceId { get; init; }

    /// <summary>What its owner calls it.</summary>
    [FromHeader(Name = "X-Device-Name"), StringLength(DeviceContact.MostName)]
    public string? DeviceName { get; init; }

    [FromHeader(Name = "X-App-Version"), StringLength(DeviceContact.MostVersion)]
    public string? AppVersion { get; init; }

    /// <summary>Items it still has to send.</summary>
    [FromHeader(Name = "X-Unsent-Count"), Range(0, 100_000_000)]
    public int? UnsentCount { get; init; }
}

internal static class FetchChangesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/changes", async ([AsParameters] FetchChangesRequest request, FetchChangesHandler handler, CancellationToken cancellationToken) =>
            {
                var outcome = await handler.HandleAsync(request, cancellationToken);
                return outcome.ToAnswer(outcome.Value?.Message);
            })
            .Slice<ChangesView>("FetchChanges", "What the own phone has to hear of since the cursor; without one all it needs").RequirePermission(SyncPermissions.Push).CountedAs(RateGroup.Sync);
}
