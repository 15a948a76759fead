using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.ListRegions;

internal sealed record ListRegionsRequest : IPageRequest
{
    /// <summary>Part of the name, in any case.</summary>
    [PlainText(RegionLimits.Name)]
    public string? Search { get; init; }

    [TermOf(typeof(RegionStatus))]
    public string? Status { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListRegionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/regions", async ([AsParameters] ListRegionsRequest request, ListRegionsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<RegionView>>("ListRegions", "The regions, by name").RequirePermission(RegionPermissions.Read);
}

internal sealed class ListRegionsHandler(RegionChanges regions, RegionViews views)
{
    public async Task<Outcome<Page<RegionView>>> HandleAsync(ListRegionsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var visible = regions.Visible().AsNoTracking();
        if (Region.KeyOf(request.Search ?? "") is { Length: > 0 } search)
        {
            visible = visible.Where(region => region.NameKey.Contains(search));
        }

        if (Terms<RegionStatus>.ParseOptional(request.Status) is { } status)
        {
            visible = visible.Where(region => region.Status == status);
        }

        var total = await visible.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await visible.OrderBy(region => region.NameKey).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(rows, cancellationToken), total, page, limit);
    }
}
