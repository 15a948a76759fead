using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
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
internal sealed class GiveWork(MeterSyncDb db, WriteTransactions transactions, WorkBook work, CallerAccessor callers, TimeProvider clock)
{
    private const int AtOnce = 500;
    private const int NamedMeters = 10;

    public Task<Outcome<IReadOnlyList<Assignment>>> ToAsync(IReadOnlyList<MeterId> meters, UserId agent, WorkTerms terms, CancellationToken cancellationToken) =>
        RunAsync(meters, token => SharesOfOneAsync(meters, agent, terms, token), terms, cancellationToken);

    public Task<Outcome<IReadOnlyList<Assignment>>> SpreadAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken) =>
        RunAsync(meters, token => SpreadSharesAsync(meters, terms, token), terms, cancellationToken);

    /// <summary>As <see cref="SpreadAsync(IReadOnlyList{MeterId}, WorkTerms, CancellationToken)"/>, inside the caller's transaction.</summary>
    public Task<Outcome<IReadOnlyList<Assignment>>> SpreadInAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken) =>
        ShareAsync(meters, token => SpreadSharesAsync(meters, terms, token), terms, cancellationToken);

    private async Task<Outcome<IReadOnlyList<Assignment>>> RunAsync(
        IReadOnlyList<MeterId> meters, Func<CancellationToken, Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>>> sharing, WorkTerms terms, CancellationToken cancellationToken)
    {
        try
        {
            return await transactions.RunAsync(token => ShareAsync(meters, sharing, terms, token), cancellationToken);
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

    private async Task<Outcome<IReadOnlyList<Assignment>>> ShareAsync(
        IReadOnlyList<MeterId> meters, Func<CancellationToken, Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>>> sharing, WorkTerms terms, CancellationToken cancellationToken)
    {
        await work.HoldCyclesAsync(cancellationToken);
        await work.LockMetersAsync(meters, cancellationToken);
        var shares = await sharing(cancellationToken);
        return shares.Succeeded ? await GiveAsync(shares.Value, terms, cancellationToken) : shares.Problem;
    }

    private async Task<Outcome<IReadOnlyList<Assignment>>> GiveAsync(IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)> shares, WorkTerms terms, CancellationToken cancellationToken)
    {
        var cycles = await CyclesAsync([.. shares.Select(share => share.Meter)], terms, cancellationToken);
        var ends = await LastPositionsAsync([.. shares.Where(share => share.Position is not null).Select(share => share.Agent).Distinct()], cancellationToken);
        return !cycles.Succeeded ? cycles.Problem : await work.GiveAsync(
            [.. shares.Select(share =>
            {
                var cycle = cycles.Value.GetValueOrDefault(share.Meter);
                return new NewWork(share.Meter, share.Agent)
                {
                    CycleId = cycle?.Id,
                    DueAt = terms.DueAt ?? cycle?.WindowTo,
                    VisitsFrom = cycle?.WindowFrom,
                    EstimatedMinutes = terms.EstimatedMinutes,
                    RouteId = terms.RouteId,
                    Position = share.Position + ends.GetValueOrDefault(share.Agent),
                };
            })],
            cancellationToken);
    }

    /// <summary>A further walk goes on behind the one an agent has: the last place of each agent's open work.</summary>
    private Task<Dictionary<UserId, int>> LastPositionsAsync(List<UserId> agents, CancellationToken cancellationToken) =>
        db.Set<Assignment>().Where(one => agents.Contains(one.AgentId) && one.Position != null && (one.Status == AssignmentStatus.Pending || one.Status == AssignmentStatus.InProgress || one.Status == AssignmentStatus.Overdue))
            .GroupBy(one => one.AgentId).Select(group => new { group.Key, Last = group.Max(one => one.Position!.Value) }).ToDictionaryAsync(row => row.Key, row => row.Last, cancellationToken);

    private async Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>> SharesOfOneAsync(IReadOnlyList<MeterId> meters, UserId agent, WorkTerms terms, CancellationToken cancellationToken)
    {
        if (!await db.Set<Agent>().VisibleTo(callers.Caller).AnyAsync(one => one.Id == agent, cancellationToken))
        {
            return WorkforceProblems.AgentNotFound.For("agent_id", $"There is no agent {agent.Value}.");
        }

        if (meters is [var only])
        {
            return Outcome([(only, agent, null)]);
        }

        // A route has its stops in order already.
        var places = terms.RouteId is null ? await PlacesAsync(meters, cancellationToken) : [];
        var ordered = terms.RouteId is null ? WalkOrder.ByStreet(meters, meter => places.GetValueOrDefault(meter)?.Address) : meters;
        return Outcome([.. ordered.Select((meter, index) => (meter, agent, (int?)(index + 1)))]);
    }

    private async Task<Outcome<IReadOnlyList<(MeterId Meter, UserId Agent, int? Position)>>> SpreadSharesAsync(IReadOnlyList<MeterId> meters, WorkTerms terms, CancellationToken cancellationToken)
    {
        var agents = await db.Set<Agent>().AsNoTracking().VisibleTo(callers.Caller).Where(agent => agent.RetiredAt == null && db.OfOpenAccounts().Contains(agent.Id)).ToListAsync(cancellationToken);
        // Locked before they are counted: two offices that spread at once must see each other's work.
        await work.LockAgentsAsync([.. agents.Select(agent => agent.Id)], cancellationToken);
        var loads = await work.LoadsAsync([.. agents.Select(agent => agent.Id)], cancellationToken);
        var places = await PlacesAsync(meters, cancellationToken);
        var free = agents.Select(agent => new FreeAgent(agent.Id, agent.RegionId, Position.Of(agent.Latitude, agent.Longitude), loads.GetValueOrDefault(agent.Id), agent.MaxLoad)).ToList();
        var waiting = meters.Select(meter => places.GetValueOrDefault(meter) is { } place ? new WaitingMeter(meter, place.RegionId, Position.Of(place.Latitude, place.Longitude), place.Address) : new WaitingMeter(meter, null, null, null)).ToList();
        var (given, left) = SpreadWork.Over(waiting, free);
        var stops = terms.RouteId is null ? null : meters.Select((meter, index) => (meter, index)).ToDictionary(stop => stop.meter, stop => stop.index);
        return left.Count > 0
            ? WorkforceProblems.NobodyAvailable.For("meter_ids", $"{left.Count} of {meters.Count} meters find no agent: {free.Count} agents have room for {free.Sum(agent => (long)agent.Room)} together.")
            : Outcome([.. given.SelectMany(share => (stops is null ? share.Value : [.. share.Value.OrderBy(meter => stops[meter.Id])]).Select((meter, index) => (meter.Id, share.Key, (int?)(index + 1))))]);
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
        var open = await db.Set<ReadCycle>().AsNoTracking().VisibleTo(db, callers.Caller).Where(cycle => cycle.Status == CycleStatus.Open).ToDictionaryAsync(cycle => cycle.Id, cancellationToken);
        if (terms.CycleId is { } named && !open.ContainsKey(named))
        {
            return WorkforceProblems.CycleNotOpen.For("cycle_id", "There is no such open cycle.");
        }

        var found = new Dictionary<MeterId, ReadCycle>(meters.Count);
        if (open.Count == 0)
        {
            return found;
        }

        // A meter may stand in last month's cycle, which nobody closed yet, and in this month's: the one of now, else the latest.
        var now = clock.GetUtcNow();
        List<ReadCycleId> wanted = terms.CycleId is { } only ? [only] : [.. open.Keys];
        foreach (var part in meters.Chunk(AtOnce))
        {
            foreach (var row in await db.Set<CycleMeter>().AsNoTracking().Where(due => part.Contains(due.MeterId) && wanted.Contains(due.CycleId) && due.SuccessorId == null).ToListAsync(cancellationToken))
            {
                found[row.MeterId] = found.TryGetValue(row.MeterId, out var other) ? Nearer(other, open[row.CycleId], now) : open[row.CycleId];
            }
        }

        return terms.CycleId is not null && meters.FirstOrDefault(meter => !found.ContainsKey(meter)) is { Value: var first } && first != default
            ? await OutsideAsync([.. meters.Where(meter => !found.ContainsKey(meter))], cancellationToken)
            : found;
    }

    private static ReadCycle Nearer(ReadCycle one, ReadCycle other, DateTimeOffset now)
    {
        bool IsNow(ReadCycle cycle) => cycle.WindowFrom <= now && now < cycle.WindowTo;
        return IsNow(one) != IsNow(other) ? (IsNow(one) ? one : other) : one.WindowFrom >= other.WindowFrom ? one : other;
    }

    private async Task<Problem> OutsideAsync(IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        List<MeterId> named = [.. meters.Take(NamedMeters)];
        var serials = await db.OfMeters(callers.Caller).Where(meter => named.Contains(meter.Id)).OrderBy(meter => meter.SerialNumber).Select(meter => meter.SerialNumber).ToListAsync(cancellationToken);
        return serials.Count == 0
            ? WorkforceProblems.MeterUnknown.For("meter_id", $"There is no meter {meters[0].Value}.")
            : WorkforceProblems.MeterNotInCycle.For("cycle_id", $"Not in the cycle: {string.Join(", ", serials)}{(meters.Count > serials.Count ? $" and {meters.Count - serials.Count} more" : "")}.");
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
