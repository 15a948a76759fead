using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.SetMyStatus;

internal sealed record SetMyStatusQueryRequest
{
    /// <summary>In place of the body.</summary>
    [TermOf(typeof(AgentStatus))]
    public string? Status { get; init; }
}

internal static class SetMyStatusEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/agents/me/status", async (SetMyStatusRequest? request, [AsParameters] SetMyStatusQueryRequest query, SetMyStatusHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request?.Status ?? query.Status, cancellationToken)).ToAnswer())
            .Slice<AgentView>("SetMyStatus", "Say whether the signed-in agent can take work").RequirePermission(WorkforcePermissions.Report)
            .BodyLike("""{"status":"on_break"}""");
}

internal sealed class SetMyStatusHandler(MeterSyncDb db, WriteTransactions transactions, AgentViews views, CallerAccessor callers, TimeProvider clock)
{
    public Task<Outcome<AgentView>> HandleAsync(string? said, CancellationToken cancellationToken) => transactions.RunAsync(token => ChangeAsync(said, token), cancellationToken);

    private async Task<Outcome<AgentView>> ChangeAsync(string? said, CancellationToken cancellationToken)
    {
        if (!Terms<AgentStatus>.TryParse(said, out var status))
        {
            return KernelProblems.Invalid.For("status", $"Say the status: {string.Join(", ", Terms<AgentStatus>.All)}.");
        }

        var me = callers.Caller.UserId ?? default;
        if (await db.Set<Agent>().FirstOrDefaultAsync(agent => agent.Id == me && agent.RetiredAt == null, cancellationToken) is not { } agent)
        {
            return WorkforceProblems.NotAnAgent.Because("You are not an agent here. Ask a supervisor to make you one.");
        }

        var now = clock.GetUtcNow().ToStored();
        if (status == agent.Status)
        {
            // Said again, so that nothing older wins; nobody needs to read of it.
            await db.Set<Agent>().Where(one => one.Id == me).ExecuteUpdateAsync(set => set.SetProperty(one => one.StatusAt, now).SetProperty(one => one.StatusClientId, (Guid?)null), cancellationToken);
        }
        else
        {
            (agent.Status, agent.StatusAt, agent.StatusClientId, agent.UpdatedAt) = (status, now, null, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        return (await views.OfAsync([agent], cancellationToken))[0];
    }
}
