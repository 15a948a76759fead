using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListReadCycles;

internal sealed record ListReadCyclesRequest : IPageRequest
{
    [TermOf(typeof(CycleStatus))]
    public string? Status { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListReadCyclesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/read-cycles", async ([AsParameters] ListReadCyclesRequest request, ListReadCyclesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ReadCycleView>>("ListReadCycles", "The read cycles, the latest window first").RequirePermission(WorkforcePermissions.ReadCycles);
}

internal sealed class ListReadCyclesHandler(MeterSyncDb db, CallerAccessor callers)
{
    public async Task<Outcome<Page<ReadCycleView>>> HandleAsync(ListReadCyclesRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var cycles = db.Set<ReadCycle>().AsNoTracking().VisibleTo(db, callers.Caller);
        if (Terms<CycleStatus>.ParseOptional(request.Status) is { } status)
        {
            cycles = cycles.Where(cycle => cycle.Status == status);
        }

        var total = await cycles.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await cycles.OrderByDescending(cycle => cycle.WindowFrom).ThenByDescending(cycle => cycle.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(ReadCycleView.Of)], total, page, limit);
    }
}
