using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>What is said of all the work that is given at once.</summary>
/// <param name="EstimatedMinutes">Null for the meter's own.</param>
/// <param name="CycleId">Null for the open cycle each meter stands in.</param>
/// <param name="DueAt">Null for the end of the cycle's window.</param>
internal sealed record WorkTerms(int? EstimatedMinutes, ReadCycleId? CycleId, DateTimeOffset? DueAt, RouteId? RouteId);

/// <summary>Gives meters to one agent or spreads them over all who have room, in a transaction of its own; what another office gives away in the same second is refused.</summary>
internal sealed class GiveWork(MeterSyncDb db, WriteTransactions transactions, WorkBook work, IMeterRegistry registry, CallerAccessor callers)
{
    private const int AtOnce = 500;

    public Task<Outcome<IReadOnlyList<Assignment>>> ToAsync(IReadOnlyList<MeterId> meters, UserId agent, WorkTerms terms, CancellationToken cancellationToken) =>
        RunAsync(meters, token => SharesOfOneAsync(meters, agent, token), terms, cancellationToken);

    public Task<Outcome<IReadOnlyList<Assignment>>> SpreadAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken) =>
        RunAsync(meters, token => SpreadAsync(meters, token), terms, cancellationToken);

    /// <summary>As <see cref="SpreadAsync(IReadOnlyList{MeterId}, WorkTerms, CancellationToken)"/>, inside the caller's transaction.</summary>
    public async Task<Outcome<IReadOnlyList<Assignment>>> SpreadInAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken)
    {
        var shares = await SpreadAsync(meters, cancellationToken);
        return shares.Succeeded ? await GiveAsync(shares.Value, terms, cancellationToken) : shares.Problem;
    }

    private async Task<Outcome<IReadOnlyList<Assignment>>> RunAsync(
        IReadOnlyList<MeterId> meters, Func<CancellationToken, Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>>> sharing, WorkTerms terms, CancellationToken cancellationToken)
    {
        try
        {
            return await transactions.RunAsync(
                async token =>
                {
                    var shares = await sharing(token);
                    return shares.Succeeded ? await GiveAsync(shares.Value, terms, token) : shares.Problem;
                },
                cancellationToken);
        }
        catch (Exception exception) when (StoreFaults.IsConflict(exception))
        {
            // Another office was faster between the look and the save; the unique index knows it.
            db.Forget();
            var taken = await TakenAsync(meters, cancellationToken);
            if (taken.Count == 0)
            {
                throw;
            }

            return WorkBook.Taken(taken);
        }
    }

    private async Task<Outcome<IReadOnlyList<Assignment>>> GiveAsync(IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)> shares, WorkTerms terms, CancellationToken cancellationToken)
    {
        var cycles = await CyclesAsync([.. shares.Select(share => share.Meter)], terms, cancellationToken);
        return !cycles.Succeeded ? cycles.Problem : await work.GiveAsync(
            [.. shares.Select(share =>
            {
                var cycle = cycles.Value.GetValueOrDefault(share.Meter);
                return new NewWork(share.Meter, share.Agent)
                {
                    CycleId = cycle?.Id,
                    DueAt = terms.DueAt ?? cycle?.WindowTo,
                    EstimatedMinutes = terms.EstimatedMinutes,
                    RouteId = terms.RouteId,
                    Position = share.Position,
                };
            })],
            cancellationToken);
    }

    private async Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>> SharesOfOneAsync(IReadOnlyList<MeterId> meters, UserId agent, CancellationToken cancellationToken)
    {
        if (!await db.Set<Agent>().VisibleTo(callers.Caller).AnyAsync(one => one.Id == agent, cancellationToken))
        {
            return WorkforceProblems.AgentNotFound.For("agent_id", $"There is no agent {agent.Value}.");
        }

        if (meters is [var only])
        {
            return Outcome([(only, agent, null)]);
        }

        var places = await PlacesAsync(meters, cancellationToken);
        var ordered = WalkOrder.ByStreet(meters, meter => places.GetValueOrDefault(meter)?.Address);
        return Outcome([.. ordered.Select((meter, index) => (meter, agent, (int?)(index + 1)))]);
    }

    private async Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>> SpreadAsync(IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        await registry.KeepAsync(meters, cancellationToken);
        var agents = await db.Set<Agent>().AsNoTracking().VisibleTo(callers.Caller).Where(agent => agent.RetiredAt == null).ToListAsync(cancellationToken);
        // Locked before they are counted: two offices that spread at once must see each other's work.
        await work.LockAgentsAsync([.. agents.Select(agent => agent.Id)], cancellationToken);
        var loads = await work.LoadsAsync([.. agents.Select(agent => agent.Id)], cancellationToken);
        var places = await PlacesAsync(meters, cancellationToken);
        var free = agents.Select(agent => new FreeAgent(agent.Id, agent.RegionId, Position.Of(agent.Latitude, agent.Longitude), loads.GetValueOrDefault(agent.Id), agent.MaxLoad)).ToList();
        var waiting = meters.Select(meter => places.GetValueOrDefault(meter) is { } place ? new WaitingMeter(meter, place.RegionId, Position.Of(place.Latitude, place.Longitude), place.Address) : new WaitingMeter(meter, null, null, null)).ToList();
        var (given, left) = SpreadWork.Over(waiting, free);
        return left.Count > 0
            ? WorkforceProblems.NobodyAvailable.For("meter_ids", $"{left.Count} of {meters.Count} meters find no agent: {free.Count} agents have room for {free.Sum(agent => (long)agent.Room)} together.")
            : Outcome([.. given.SelectMany(share => share.Value.Select((meter, index) => (meter.Id, share.Key, (int?)(index + 1))))]);
    }

    private async Task<Dictionary<MeterId, MeterFact>> PlacesAsync(IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        var places = new Dictionary<MeterId, MeterFact>(meters.Count);
        foreach (var part in meters.Distinct().Chunk(AtOnce))
        {
            foreach (var place in await db.OfMeters(callers.Caller).Where(meter => part.Contains(meter.Id)).ToListAsync(cancellationToken))
            {
                places[place.Id] = place;
            }
        }

        return places;
    }

    /// <summary>The cycle of each meter; absent where it stands in none.</summary>
    private async Task<Outcome<Dictionary<MeterId, ReadCycle>>> CyclesAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken)
    {
        var open = await db.Set<ReadCycle>().AsNoTracking().Where(cycle => cycle.Status == CycleStatus.Open).ToDictionaryAsync(cycle => cycle.Id, cancellationToken);
        if (terms.CycleId is { } named && !open.ContainsKey(named))
        {
            return WorkforceProblems.CycleNotOpen.For("cycle_id", "There is no such open cycle.");
        }

        var found = new Dictionary<MeterId, ReadCycle>(meters.Count);
        if (open.Count == 0)
        {
            return found;
        }

        List<ReadCycleId> wanted = terms.CycleId is { } only ? [only] : [.. open.Keys];
        foreach (var part in meters.Chunk(AtOnce))
        {
            foreach (var row in await db.Set<CycleMeter>().AsNoTracking().Where(due => part.Contains(due.MeterId) && wanted.Contains(due.CycleId) && due.SuccessorId == null).ToListAsync(cancellationToken))
            {
                found[row.MeterId] = open[row.CycleId];
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> TakenAsync(IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        var taken = new List<string>();
        foreach (var part in meters.Chunk(AtOnce))
        {
            taken.AddRange(await db.OfMeters(callers.Caller)
                .Where(meter => part.Contains(meter.Id) && db.Set<Assignment>().Any(other => other.MeterId == meter.Id && (other.Status == AssignmentStatus.Pending || other.Status == AssignmentStatus.InProgress || other.Status == AssignmentStatus.Overdue)))
                .Select(meter => meter.SerialNumber).ToListAsync(cancellationToken));
        }

        return taken;
    }

    private static Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>> Outcome(List<(MeterId Meter, UserId Agent, int? Position)> shares) => shares;
}
