using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListVisits;

internal sealed record ListVisitsRequest : IPageRequest
{
    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    [FromQuery(Name = "reading_id")]
    public Guid? ReadingId { get; init; }

    /// <summary>Only visits with this score or less.</summary>
    [FromQuery(Name = "max_score"), Range(0, 100)]
    public int? MaxScore { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

/// <param name="Score">0 (nothing speaks for it) to 100 (nothing speaks against it).</param>
/// <param name="DistanceM">From the meter's place; null where one of the two is unknown.</param>
/// <param name="SpeedKmh">From the meter read before; null without one within four hours.</param>
internal sealed record VisitView(Guid ReadingId, Guid AgentId, Guid MeterId, DateTimeOffset At, int Score, double? DistanceM, double? SpeedKmh, int? DwellSeconds, bool MockLocation, IReadOnlyList<VisitReason> Reasons);

internal static class ListVisitsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/visits", async ([AsParameters] ListVisitsRequest request, ListVisitsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<VisitView>>("ListVisits", "Proofs of visit of agents' readings, the newest first").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListVisitsHandler(MeterSyncDb db, CallerAccessor callers)
{
    public async Task<Outcome<Page<VisitView>>> HandleAsync(ListVisitsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var visits = Filtered(db.Set<Visit>().AsNoTracking().VisibleTo(db, callers.Caller), request);
        var total = await visits.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await visits.OrderByDescending(visit => visit.At).ThenByDescending(visit => visit.ReadingId).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. rows.Select(ViewOf)], total, page, limit);
    }

    private static VisitView ViewOf(Visit visit) => new(
        visit.ReadingId.Value, visit.AgentId.Value, visit.MeterId.Value, visit.At, visit.Score, visit.DistanceMetres, visit.SpeedKmh, visit.DwellSeconds, visit.IsMocked,
        JsonSerializer.Deserialize(visit.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason) ?? []);

    private static IQueryable<Visit> Filtered(IQueryable<Visit> visits, ListVisitsRequest request)
    {
        if (request.AgentId is { } agentId)
        {
            var agent = new UserId(agentId);
            visits = visits.Where(visit => visit.AgentId == agent);
        }

        if (request.ReadingId is { } readingId)
        {
            var reading = new ReadingId(readingId);
            visits = visits.Where(visit => visit.ReadingId == reading);
        }

        if (request.MaxScore is { } most)
        {
            visits = visits.Where(visit => visit.Score <= most);
        }

        if (request.From?.ToStored() is { } from)
        {
            visits = visits.Where(visit => visit.At >= from);
        }

        if (request.To?.ToStored() is { } to)
        {
            visits = visits.Where(visit => visit.At < to);
        }

        return visits;
    }
}
