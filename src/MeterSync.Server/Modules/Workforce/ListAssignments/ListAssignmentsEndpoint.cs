using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListAssignments;

internal sealed record ListAssignmentsRequest : IPageRequest
{
    /// <summary>A status, <c>open</c> for all that is still to be done, or <c>given</c> for all but cancelled.</summary>
    [AllowedValues(WorkStatus.Open, WorkStatus.Given, "pending", "in_progress", "completed", "cancelled", "overdue", null, ErrorMessage = "The status is one of: open, given, pending, in_progress, completed, cancelled, overdue.")]
    public string? Status { get; init; }

    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    [FromQuery(Name = "meter_id")]
    public Guid? MeterId { get; init; }

    /// <summary>Of meters whose service point is in the region now.</summary>
    [FromQuery(Name = "region_id")]
    public Guid? RegionId { get; init; }

    [FromQuery(Name = "cycle_id")]
    public Guid? CycleId { get; init; }

    [FromQuery(Name = "route_id")]
    public Guid? RouteId { get; init; }

    /// <summary>Given at this instant or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Given before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Completed at this instant or later.</summary>
    [FromQuery(Name = "completed_from")]
    public DateTimeOffset? CompletedFrom { get; init; }

    /// <summary>Completed before this instant.</summary>
    [FromQuery(Name = "completed_to")]
    public DateTimeOffset? CompletedTo { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListAssignmentsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assignments", async ([AsParameters] ListAssignmentsRequest request, ListAssignmentsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<AssignmentView>>("ListAssignments", "Who reads which meter, the newest first").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListAssignmentsHandler(MeterSyncDb db, AssignmentViews views)
{
    public async Task<Outcome<Page<AssignmentView>>> HandleAsync(ListAssignmentsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var work = Filtered(views.Visible(), request);
        var total = await work.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await work.OrderByDescending(one => one.AssignedAt).ThenByDescending(one => one.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered(await views.OfAsync(found, cancellationToken), total, page, limit);
    }

    private IQueryable<Assignment> Filtered(IQueryable<Assignment> work, ListAssignmentsRequest request)
    {
        work = work.Having(request.Status);
        if (request.AgentId is { } agentId)
        {
            var agent = new UserId(agentId);
            work = work.Where(one => one.AgentId == agent);
        }

        if (request.MeterId is { } meterId)
        {
            var meter = new MeterId(meterId);
            work = work.Where(one => one.MeterId == meter);
        }

        if (request.RegionId is { } regionId)
        {
            var meters = db.MetersFrom([new RegionId(regionId)]);
            work = work.Where(one => meters.Contains(one.MeterId));
        }

        if (request.CycleId is { } cycleId)
        {
            var cycle = new ReadCycleId(cycleId);
            work = work.Where(one => one.CycleId == cycle);
        }

        if (request.RouteId is { } routeId)
        {
            var route = new RouteId(routeId);
            work = work.Where(one => one.RouteId == route);
        }

        if (request.From?.ToStored() is { } from)
        {
            work = work.Where(one => one.AssignedAt >= from);
        }

        if (request.To?.ToStored() is { } to)
        {
            work = work.Where(one => one.AssignedAt < to);
        }

        if (request.CompletedFrom?.ToStored() is { } completedFrom)
        {
            work = work.Where(one => one.CompletedAt >= completedFrom);
        }

        if (request.CompletedTo?.ToStored() is { } completedTo)
        {
            work = work.Where(one => one.CompletedAt < completedTo);
        }

        return work;
    }
}
