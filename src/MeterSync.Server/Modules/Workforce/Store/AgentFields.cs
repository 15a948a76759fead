using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Writes what a supervisor says of an agent.</summary>
internal sealed class AgentFields(IRegionNames regions, CallerAccessor callers)
{
    /// <summary>Why an agent cannot come into a region; null where it can.</summary>
    public async Task<Problem?> RefuseRegionAsync(Guid? asked, RegionId? before, CancellationToken cancellationToken)
    {
        var own = callers.Caller.RegionsOnly;
        if (asked is not { } id)
        {
            return own is null ? null : KernelProblems.Invalid.For("region_id", "You see the agents of named regions only: say in which of them this one works.");
        }

        var region = new RegionId(id);
        return region == before || (own?.Contains(region) is not false && (await regions.FindAsync([region], cancellationToken)).ContainsKey(region)) ? null : KernelProblems.Invalid.For("region_id", $"There is no region {id}.");
    }

    public void Write(Agent agent, string? locationId, Guid? regionId, string? status, string? avatarUrl, DateTimeOffset now)
    {
        agent.LocationId = string.IsNullOrWhiteSpace(locationId) ? null : locationId.Trim();
        agent.RegionId = regionId is { } region ? new RegionId(region) : null;
        if (Terms<AgentStatus>.ParseOptional(status) is { } said)
        {
            (agent.Status, agent.StatusAt, agent.StatusClientId) = (said, now, null);
        }

        agent.AvatarUrl = string.IsNullOrWhiteSpace(avatarUrl) ? null : avatarUrl.Trim();
        agent.UpdatedAt = now;
    }
}
