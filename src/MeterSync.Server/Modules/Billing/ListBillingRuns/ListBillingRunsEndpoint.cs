using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.ListBillingRuns;

internal sealed record ListBillingRunsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListBillingRunsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs", async ([AsParameters] ListBillingRunsRequest request, ListBillingRunsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<BillingRunView>>("ListBillingRuns", "The frozen runs, newest first").RequirePermission(BillingPermissions.Read).RequireWholeView();
}

internal sealed class ListBillingRunsHandler(MeterSyncDb db)
{
    public async Task<Outcome<Page<BillingRunView>>> HandleAsync(ListBillingRunsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var total = await db.Set<BillingRun>().Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var runs = await db.Set<BillingRun>().AsNoTracking().OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        var ids = runs.Select(run => run.Id).ToList();
        var adjustments = (await db.Set<BillingAdjustment>().AsNoTracking().Where(adjustment => ids.Contains(adjustment.RunId)).OrderBy(adjustment => adjustment.Number).ToListAsync(cancellationToken)).ToLookup(adjustment => adjustment.RunId);
        return Paging.Numbered([.. runs.Select(run => BillingRunView.Of(run, [.. adjustments[run.Id]]))], total, page, limit);
    }
}
