using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>An agent and the number of its open assignments.</summary>
internal sealed class LoadedAgent
{
    public required Agent Agent { get; init; }

    public int Load { get; init; }
}

/// <summary>The one place that says who is shown as ready for more work. Whoever is not retired can be given some: work is planned at night, too.</summary>
internal static class AgentRoom
{
    /// <summary>Those who may come in, are available and have fewer open assignments than they may have.</summary>
    public static IQueryable<LoadedAgent> WithRoom(this IQueryable<Agent> agents, MeterSyncDb db) => agents
        .Where(agent => agent.RetiredAt == null && agent.Status == AgentStatus.Available && db.OfOpenAccounts().Contains(agent.Id))
        .Select(agent => new LoadedAgent
        {
            Agent = agent,
            Load = db.Set<Assignment>().Count(work => work.AgentId == agent.Id && (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue)),
        })
        .Where(row => row.Load < row.Agent.MaxLoad);
}
