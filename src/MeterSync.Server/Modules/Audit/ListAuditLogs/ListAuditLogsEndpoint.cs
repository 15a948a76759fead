using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Audit.Public;
using MeterSync.Modules.Audit.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Audit.ListAuditLogs;

internal sealed record ListAuditLogsRequest : IPageRequest
{
    /// <summary>For example meter, reading or user.</summary>
    [FromQuery(Name = "entity_type"), StringLength(100), RegularExpression("^[A-Za-z0-9_.-]*$", ErrorMessage = "has letters, digits, dots, dashes and underscores.")]
    public string? EntityType { get; init; }

    [FromQuery(Name = "entity_id")]
    public Guid? EntityId { get; init; }

    /// <summary>Who acted.</summary>
    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    /// <summary>created, updated, deleted, or a verb such as meters.imported.</summary>
    [StringLength(100), RegularExpression("^[A-Za-z0-9_.-]*$", ErrorMessage = "has letters, digits, dots, dashes and underscores.")]
    public string? Action { get; init; }

    /// <summary>At or after: a day or an instant.</summary>
    [Instant]
    public string? From { get; init; }

    /// <summary>Before.</summary>
    [Instant]
    public string? To { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }

    /// <summary>Goes on after a page; empty begins a walk without a total.</summary>
    [StringLength(64)]
    public string? Cursor { get; init; }
}

internal static class ListAuditLogsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/audit-logs", async ([AsParameters] ListAuditLogsRequest request, ListAuditLogsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<AuditEntryView>>("ListAuditLogs", "Who changed what, newest first").RequirePermission(AuditPermission.Read);
}

internal sealed class ListAuditLogsHandler(AuditQueries queries, AuditViews views)
{
    public async Task<Outcome<Page<AuditEntryView>>> HandleAsync(ListAuditLogsRequest request, CancellationToken cancellationToken)
    {
        var walks = request.Cursor is not null;
        Cursor? place = null;
        if (!string.IsNullOrEmpty(request.Cursor))
        {
            if (!Kernel.Cursor.TryParse(request.Cursor, out var read))
            {
                return KernelProblems.Invalid.For("cursor", "The cursor is not one of ours; begin again without it.");
            }

            place = read;
        }

        var wanted = queries.Of(new AuditFilter(request.EntityType, request.EntityId, request.UserId, request.Action, Instant(request.From), Instant(request.To)));
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var from = wanted;
        if (place is { } after)
        {
            var (at, id) = (after.At, after.Id);
            from = wanted.Where(entry => entry.At <= at && (entry.At < at || entry.Id.CompareTo(id) < 0));
        }

        var found = await from.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Skip(walks ? 0 : (page - 1) * limit).Take(limit + 1).ToListAsync(cancellationToken);
        var more = found.Count > limit;
        if (more)
        {
            found.RemoveAt(limit);
        }

        var next = more ? new Cursor(found[^1].At, found[^1].Id).ToString() : null;
        var items = await views.OfAsync(found, cancellationToken);
        return walks
            ? Paging.Walked(items, limit, next)
            : Paging.Numbered(items, await wanted.Take(PageRules.CountCap + 1).CountAsync(cancellationToken), page, limit, next);
    }

    private static DateTimeOffset? Instant(string? text) => InstantText.TryParse(text, out var instant) ? instant : null;
}
