using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Reports.ListExports;

internal sealed record ListExportsRequest : IPageRequest
{
    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListExportsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/export/history", async ([AsParameters] ListExportsRequest request, ListExportsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ExportView>>("ListExports", "Exports, newest first: one's own, or all for managers").RequirePermission(ReportPermissions.CreateExports);
}

internal sealed class ListExportsHandler(ExportJobs exports)
{
    public async Task<Outcome<Page<ExportView>>> HandleAsync(ListExportsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var total = await exports.Visible().Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var jobs = await exports.Visible().OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. jobs.Select(exports.View)], total, page, limit);
    }
}
