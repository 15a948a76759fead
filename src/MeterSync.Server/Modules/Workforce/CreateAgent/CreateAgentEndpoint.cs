using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.CreateAgent;

/// <param name="UserId">Who becomes an agent; any user who may come in.</param>
/// <param name="MaxLoad">Open assignments at once; the configured number where left out.</param>
internal sealed record CreateAgentRequest(
    [property: Required] Guid? UserId,
    [property: PlainText(100)] string? LocationId,
    Guid? RegionId,
    [property: Range(0, 100_000)] int? MaxLoad,
    [property: TermOf(typeof(AgentStatus))] string? Status,
    [property: StringLength(1000)] string? AvatarUrl);

internal static class CreateAgentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/agents", async (CreateAgentRequest request, CreateAgentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(agent => $"/api/v1/agents/{agent.Id}", agent => agent.Version))
            .Slice<AgentView>("CreateAgent", "Make a user an agent who can be given work", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteAgents)
            .BodyLike("""{"user_id":"01890000-0000-7000-8000-000000000001","location_id":"north","max_load":200,"status":"available"}""");
}

internal sealed class CreateAgentHandler(MeterSyncDb db, IAccessDirectory people, AgentFields fields, AgentViews views, IOptions<WorkforceOptions> options, TimeProvider clock)
{
    public async Task<Outcome<AgentView>> HandleAsync(CreateAgentRequest request, CancellationToken cancellationToken)
    {
        var id = new UserId(request.UserId!.Value);
        if (await people.FindAsync(id, cancellationToken) is null)
        {
            return WorkforceProblems.AgentUserUnknown.For("user_id", $"There is no user {id.Value} who may come in.");
        }

        if (await fields.RefuseRegionAsync(request.RegionId, null, cancellationToken) is { } region)
        {
            return region;
        }

        if (await db.Set<Agent>().AnyAsync(agent => agent.Id == id, cancellationToken))
        {
            return Exists(id);
        }

        var now = clock.GetUtcNow().ToStored();
        var made = new Agent { Id = id, CreatedAt = now, MaxLoad = request.MaxLoad ?? options.Value.MaxLoad };
        fields.Write(made, request.LocationId, request.RegionId, request.Status, request.AvatarUrl, now);
        db.Add(made);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (StoreFaults.IsConflict(exception))
        {
            return Exists(id);
        }

        return (await views.OfAsync([made], cancellationToken))[0];
    }

    private static Problem Exists(UserId id) => WorkforceProblems.AgentExists.For("user_id", $"The user {id.Value} is an agent already.");
}
