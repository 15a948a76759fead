using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.GetAgent;

internal static class GetAgentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents/{id:guid}", async (Guid id, GetAgentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), cancellationToken)).ToAnswer(agent => agent.Version))
            .Slice<AgentView>("GetAgent", "One agent").RequirePermission(WorkforcePermissions.ReadAgents);
}

internal sealed class GetAgentHandler(AgentViews views)
{
    public async Task<Outcome<AgentView>> HandleAsync(UserId id, CancellationToken cancellationToken) =>
        await views.FindAsync(id, cancellationToken) is { } agent ? agent : WorkforceProblems.AgentNotFound.Because("There is no such agent.");
}
