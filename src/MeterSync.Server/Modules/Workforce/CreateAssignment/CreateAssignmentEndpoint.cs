using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.CreateAssignment;

/// <param name="EstimatedTime">Minutes; the meter's where left out.</param>
/// <param name="CycleId">The open cycle it belongs to; the one the meter stands in where left out.</param>
/// <param name="DueAt">Exclusive; the end of the cycle's window where left out.</param>
internal sealed record CreateAssignmentRequest(
    [property: Required] Guid? MeterId,
    [property: Required] Guid? AgentId,
    [property: Range(1, 1440)] int? EstimatedTime,
    Guid? CycleId,
    DateTimeOffset? DueAt);

internal static class CreateAssignmentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/assignments", async (CreateAssignmentRequest request, CreateAssignmentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(work => $"/api/v1/assignments/{work.Id}", work => work.Version))
            .Slice<AssignmentView>("CreateAssignment", "Give a meter to an agent to read", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteAssignments)
            .BodyLike("""{"meter_id":"01890000-0000-7000-8000-000000000001","agent_id":"01890000-0000-7000-8000-000000000002","estimated_time":10}""");
}

internal sealed class CreateAssignmentHandler(GiveWork give, AssignmentViews views)
{
    public async Task<Outcome<AssignmentView>> HandleAsync(CreateAssignmentRequest request, CancellationToken cancellationToken)
    {
        var terms = new WorkTerms(request.EstimatedTime, request.CycleId is { } cycle ? new ReadCycleId(cycle) : null, request.DueAt?.ToStored(), null);
        var given = await give.ToAsync([new MeterId(request.MeterId!.Value)], new UserId(request.AgentId!.Value), terms, cancellationToken);
        return given.Succeeded ? (await views.OfAsync([given.Value[0]], cancellationToken))[0] : given.Problem;
    }
}
