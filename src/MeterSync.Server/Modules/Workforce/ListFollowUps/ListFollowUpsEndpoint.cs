using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListFollowUps;

internal sealed record ListFollowUpsRequest : IPageRequest
{
    /// <summary>True for those still open, which is what is meant where it is left out.</summary>
    public bool? Open { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListFollowUpsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/follow-ups", async ([AsParameters] ListFollowUpsRequest request, ListFollowUpsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<FollowUpView>>("ListFollowUps", "Meters somebody has to look after, the newest first").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListFollowUpsHandler(MeterSyncDb db, IMeterRegistry meters, CallerAccessor callers)
{
    public async Task<Outcome<Page<FollowUpView>>> HandleAsync(ListFollowUpsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit, isOpen) = (request.PageOrDefault(), request.LimitOrDefault(), request.Open ?? true);
        var followUps = db.Set<FollowUp>().AsNoTracking().VisibleTo(db, callers.Caller).Where(followUp => (followUp.ClosedAt == null) == isOpen);
        var total = await followUps.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await followUps.OrderByDescending(followUp => followUp.OpenedAt).ThenByDescending(followUp => followUp.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        var serials = await meters.SerialNumbersAsync([.. rows.Select(followUp => followUp.MeterId).Distinct()], cancellationToken);
        return Paging.Numbered([.. rows.Select(followUp => FollowUpView.Of(followUp, serials.GetValueOrDefault(followUp.MeterId, "")))], total, page, limit);
    }
}
