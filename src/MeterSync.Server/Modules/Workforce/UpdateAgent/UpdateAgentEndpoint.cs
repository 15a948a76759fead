using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.UpdateAgent;

/// <param name="MaxLoad">As it is where left out. Less than the present load stops more from coming; nothing is taken away.</param>
/// <param name="Status">As it is where left out.</param>
/// <param name="Retired">True: gets no work any more; refused while work is open.</param>
internal sealed record UpdateAgentRequest(
    [property: PlainText(100)] string? LocationId,
    Guid? RegionId,
    [property: Range(0, 100_000)] int? MaxLoad,
    [property: TermOf(typeof(AgentStatus))] string? Status,
    [property: StringLength(1000)] string? AvatarUrl,
    bool? Retired);

internal static class UpdateAgentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/agents/{id:guid}", async (Guid id, UpdateAgentRequest request, HttpRequest http, UpdateAgentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(agent => agent.Version))
            .Slice<AgentView>("UpdateAgent", "Change an agent's place, load and status, or retire one").RequirePermission(WorkforcePermissions.WriteAgents)
            .BodyLike("""{"location_id":"north","max_load":250,"status":"available","retired":false}""");
}

internal sealed class UpdateAgentHandler(MeterSyncDb db, WriteTransactions transactions, WorkBook work, AgentFields fields, AgentViews views, CallerAccessor callers, TimeProvider clock)
{
    public Task<Outcome<AgentView>> HandleAsync(UserId id, UpdateAgentRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => ChangeAsync(id, request, expectedVersion, token), cancellationToken);

    private async Task<Outcome<AgentView>> ChangeAsync(UserId id, UpdateAgentRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        await work.LockAgentsAsync([id], cancellationToken);
        if (await db.Set<Agent>().VisibleTo(callers.Caller).FirstOrDefaultAsync(agent => agent.Id == id, cancellationToken) is not { } found)
        {
            return WorkforceProblems.AgentNotFound.Because("There is no such agent.");
        }

        if (expectedVersion is { } expected && expected != found.Version)
        {
            return KernelProblems.LostUpdate.Because($"The agent was changed since you read it: it is at version {found.Version}.");
        }

        if (await fields.RefuseRegionAsync(request.RegionId, found.RegionId, cancellationToken) is { } region)
        {
            return region;
        }

        var now = clock.GetUtcNow().ToStored();
        if (request.Retired == true && (await work.LoadsAsync([id], cancellationToken)).TryGetValue(id, out var load))
        {
            return WorkforceProblems.AgentHasWork.For("retired", $"The agent has {load} open assignments. Move or cancel them first.");
        }

        found.MaxLoad = request.MaxLoad ?? found.MaxLoad;
        found.RetiredAt = request.Retired switch { true => found.RetiredAt ?? now, false => null, null => found.RetiredAt };
        fields.Write(found, request.LocationId, request.RegionId, request.Status, request.AvatarUrl, now);
        await db.SaveChangesAsync(cancellationToken);
        return (await views.OfAsync([found], cancellationToken))[0];
    }
}
