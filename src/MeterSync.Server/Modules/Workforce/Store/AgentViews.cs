using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Reads agents as the API shows them, as far as the caller sees them.</summary>
internal sealed class AgentViews(MeterSyncDb db, WorkBook work, IPersonNames names, CallerAccessor callers)
{
    public IQueryable<Agent> Visible() => db.Set<Agent>().AsNoTracking().VisibleTo(callers.Caller);

    public async Task<AgentView?> FindAsync(UserId id, CancellationToken cancellationToken) =>
        await Visible().FirstOrDefaultAsync(agent => agent.Id == id, cancellationToken) is { } found ? (await OfAsync([found], cancellationToken))[0] : null;

    /// <summary>Two queries for any number.</summary>
    public async Task<IReadOnlyList<AgentView>> OfAsync(IReadOnlyList<Agent> agents, CancellationToken cancellationToken)
    {
        List<UserId> ids = [.. agents.Select(agent => agent.Id)];
        var loads = await work.LoadsAsync(ids, cancellationToken);
        var called = await names.FindAsync(ids, cancellationToken);
        return [.. agents.Select(agent => AgentView.Of(agent, called.GetValueOrDefault(agent.Id), loads.GetValueOrDefault(agent.Id)))];
    }
}
