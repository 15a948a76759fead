using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.ListUnassignedMeters;

internal sealed record ListUnassignedMetersRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListUnassignedMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/meters/unassigned", async ([AsParameters] ListUnassignedMetersRequest request, ListUnassignedMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<MeterView>>("ListUnassignedMeters", "Active meters that no assignment under way covers, by serial number").RequirePermission(MeterPermissions.Read);
}

internal sealed class ListUnassignedMetersHandler(MeterSyncDb db, MeterViews views, CallerAccessor callers)
{
    public async Task<Outcome<Page<MeterView>>> HandleAsync(ListUnassignedMetersRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var meters = db.Set<Meter>().AsNoTracking().Where(meter => meter.Status == MeterStatus.Active).Where(meter => !db.Set<MeterAgent>().Any(work => work.MeterId == meter.Id && MeterAgent.Open.Contains(work.Status))).ListedFor(db, callers.Caller);
        var total = await meters.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var ids = await meters.OrderBy(meter => meter.SerialNumber).Skip((page - 1) * limit).Take(limit).Select(meter => meter.Id).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.ListAsync(ids, cancellationToken), total, page, limit);
    }
}
