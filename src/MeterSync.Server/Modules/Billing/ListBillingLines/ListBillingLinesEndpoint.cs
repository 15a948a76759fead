using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Billing.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.ListBillingLines;

internal sealed record ListBillingLinesRequest : IPageRequest
{
    /// <summary>0 (default) for the frozen lines, else the number of an adjustment.</summary>
    [Range(0, int.MaxValue)]
    public int? Adjustment { get; init; }

    [TermOf(typeof(BillingState))]
    public string? State { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListBillingLinesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/billing-runs/{id:guid}/lines", async (Guid id, [AsParameters] ListBillingLinesRequest request, ListBillingLinesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, cancellationToken)).ToAnswer())
            .Slice<Page<BillingLineView>>("ListBillingLines", "The lines of a frozen run or of one of its adjustments").RequirePermission(BillingPermissions.Read).RequireWholeView();
}

internal sealed class ListBillingLinesHandler(MeterSyncDb db)
{
    public async Task<Outcome<Page<BillingLineView>>> HandleAsync(Guid id, ListBillingLinesRequest request, CancellationToken cancellationToken)
    {
        var runId = new BillingRunId(id);
        var set = request.Adjustment ?? 0;
        var lines = db.Set<BillingLine>().AsNoTracking().Where(line => line.RunId == runId && line.Adjustment == set);
        if (Terms<BillingState>.ParseOptional(request.State) is { } state)
        {
            lines = lines.Where(line => line.State == state);
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var total = await lines.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        if (total == 0 && !await db.Set<BillingRun>().AnyAsync(run => run.Id == runId, cancellationToken))
        {
            return BillingProblems.RunNotFound.Because("There is no such billing run.");
        }

        var rows = await lines.OrderBy(line => line.LineNumber).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(line => line.ToView())], total, page, limit);
    }
}
