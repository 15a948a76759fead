using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListSkips;

internal sealed record ListSkipsRequest : IPageRequest
{
    [TermOf(typeof(SkipCode))]
    public string? Code { get; init; }

    [FromQuery(Name = "meter_id")]
    public Guid? MeterId { get; init; }

    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    /// <summary>Of meters whose service point is in the region now.</summary>
    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    [FromQuery(Name = "cycle_id")]
    public Guid? CycleId { get; init; }

    /// <summary>Only the newest of each meter, or of each agent, among what the other filters leave.</summary>
    [FromQuery(Name = "latest_per"), AllowedValues("meter", "agent", null, ErrorMessage = "latest_per is one of: meter, agent.")]
    public string? LatestPer { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListSkipsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/skips", async ([AsParameters] ListSkipsRequest request, ListSkipsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<SkipView>>("ListSkips", "Visits without a value, the newest first").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListSkipsHandler(MeterSyncDb db, IMeterRegistry meters, CallerAccessor callers)
{
    public async Task<Outcome<Page<SkipView>>> HandleAsync(ListSkipsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var skips = Filtered(db.Set<Skip>().AsNoTracking().VisibleTo(db, callers.Caller), request);
        if (request.LatestPer is { } each)
        {
            var latest = Latest(skips, each);
            skips = db.Set<Skip>().AsNoTracking().Where(skip => latest.Contains(skip.Id));
        }

        var total = await skips.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var rows = await skips.OrderByDescending(skip => skip.SkippedAt).ThenByDescending(skip => skip.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        var serials = await meters.SerialNumbersAsync([.. rows.Select(skip => skip.MeterId).Distinct()], cancellationToken);
        return Paging.Numbered([.. rows.Select(skip => SkipView.Of(skip, serials.GetValueOrDefault(skip.MeterId, "")))], total, page, limit);
    }

    private static IQueryable<SkipId> Latest(IQueryable<Skip> skips, string each) => each == "meter"
        ? skips.GroupBy(skip => skip.MeterId).Select(group => group.OrderByDescending(skip => skip.SkippedAt).ThenByDescending(skip => skip.Id).Select(skip => skip.Id).First())
        : skips.Where(skip => skip.AgentId != null).GroupBy(skip => skip.AgentId).Select(group => group.OrderByDescending(skip => skip.SkippedAt).ThenByDescending(skip => skip.Id).Select(skip => skip.Id).First());

    private IQueryable<Skip> Filtered(IQueryable<Skip> skips, ListSkipsRequest request)
    {
        if (Terms<SkipCode>.ParseOptional(request.Code) is { } code)
        {
            skips = skips.Where(skip => skip.Code == code);
        }

        if (request.MeterId is { } meterId)
        {
            var meter = new MeterId(meterId);
            skips = skips.Where(skip => skip.MeterId == meter);
        }

        if (request.AgentId is { } agentId)
        {
            UserId? agent = new UserId(agentId);
            skips = skips.Where(skip => skip.AgentId == agent);
        }

        if (request.RegionId is { } regionId)
        {
            var ofRegion = db.MetersFrom([new RegionId(regionId)]);
            skips = skips.Where(skip => ofRegion.Contains(skip.MeterId));
        }

        if (request.CycleId is { } cycleId)
        {
            ReadCycleId? cycle = new ReadCycleId(cycleId);
            skips = skips.Where(skip => skip.CycleId == cycle);
        }

        if (request.From?.ToStored() is { } from)
        {
            skips = skips.Where(skip => skip.SkippedAt >= from);
        }

        if (request.To?.ToStored() is { } to)
        {
            skips = skips.Where(skip => skip.SkippedAt < to);
        }

        return skips;
    }
}
