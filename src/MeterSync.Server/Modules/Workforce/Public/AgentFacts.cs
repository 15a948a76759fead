using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Public;

internal static class AgentFacts
{
    /// <summary>The agents the caller sees, for a condition such as <c>db.OfAgents(caller).Contains(row.UserId)</c>.</summary>
    public static IQueryable<UserId> OfAgents(this MeterSyncDb db, Caller caller) => db.Set<Agent>().VisibleTo(caller).Select(agent => agent.Id);
}
