using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.AssignMeters;

/// <param name="MeterIds">Up to 20,000 meters; or <paramref name="RouteId"/>.</param>
/// <param name="RouteId">Every active meter at the route's stops that has no open work, in the order of the stops.</param>
/// <param name="AgentId">Who gets all of them. Left out: a route goes to who usually walks it, meters are spread by load, region and distance.</param>
/// <param name="EstimatedTime">Minutes each; the meter's own where left out.</param>
internal sealed record AssignMetersRequest(
    [property: MinLength(1), MaxLength(AssignMetersRequest.Most)] IReadOnlyList<Guid>? MeterIds,
    Guid? RouteId,
    Guid? AgentId,
    [property: Range(1, 1440)] int? EstimatedTime,
    Guid? CycleId,
    DateTimeOffset? DueAt)
{
    public const int Most = 20_000;
}

/// <param name="Count">Meters it got now.</param>
internal sealed record AgentShareView(Guid AgentId, int Count);

internal sealed record AssignedView(int Assigned, IReadOnlyList<AgentShareView> Agents);

internal static class AssignMetersEndpoint
{
    private const long MostBytes = 4 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/assignments/bulk", async (AssignMetersRequest request, AssignMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(_ => "/api/v1/assignments")).BodyUpTo(MostBytes)
            .Slice<AssignedView>("AssignMeters", "Give many meters, or a route, to one agent or spread over all; all of them or none", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteAssignments)
            .BodyLike("""{"meter_ids":["01890000-0000-7000-8000-000000000001","01890000-0000-7000-8000-000000000002"],"estimated_time":10}""");
}

internal sealed class AssignMetersHandler(MeterSyncDb db, GiveWork give, RouteMeters stops, CallerAccessor callers, TimeProvider clock, ILogger<AssignMetersHandler> log)
{
    public async Task<Outcome<AssignedView>> HandleAsync(AssignMetersRequest request, CancellationToken cancellationToken)
    {
        if (request.MeterIds is null == request.RouteId is null)
        {
            return KernelProblems.Invalid.For("meter_ids", "Name meters by meter_ids, or a route by route_id.");
        }

        var terms = new WorkTerms(request.EstimatedTime, request.CycleId is { } cycle ? new ReadCycleId(cycle) : null, request.DueAt?.ToStored(), request.RouteId is { } named ? new RouteId(named) : null);
        UserId? agent = request.AgentId is { } given ? new UserId(given) : null;
        List<MeterId> meters = [.. (request.MeterIds ?? []).Select(id => new MeterId(id))];
        if (terms.RouteId is { } routeId)
        {
            if (await db.Set<WalkRoute>().AsNoTracking().VisibleTo(callers.Caller).FirstOrDefaultAsync(route => route.Id == routeId, cancellationToken) is not { } found)
            {
                return WorkforceProblems.RouteNotFound.For("route_id", "There is no such route.");
            }

            agent ??= found.AgentId;
            meters = [.. await stops.WaitingAsync(routeId, cancellationToken)];
            if (meters.Count == 0)
            {
                return WorkforceProblems.RouteEmpty.For("route_id", $"No active meter without open work stands at a stop of the route {found.Name}.");
            }
        }

        var began = clock.GetTimestamp();
        var outcome = agent is { } one ? await give.ToAsync(meters, one, terms, cancellationToken) : await give.SpreadAsync(meters, terms, cancellationToken);
        var took = (long)clock.GetElapsedTime(began).TotalMilliseconds;
        if (!outcome.Succeeded)
        {
            log.LogInformation("Refused to give {Count} meters after {Milliseconds} ms: {Code}", meters.Count, took, outcome.Problem.Code.Code);
            return outcome.Problem;
        }

        List<AgentShareView> shares = [.. outcome.Value.GroupBy(work => work.AgentId).Select(share => new AgentShareView(share.Key.Value, share.Count())).OrderByDescending(share => share.Count).ThenBy(share => share.AgentId)];
        log.LogInformation("Gave {Count} meters to {Agents} agents in {Milliseconds} ms", outcome.Value.Count, shares.Count, took);
        return new AssignedView(outcome.Value.Count, shares);
    }
}
