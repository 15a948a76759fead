using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>A meter that waits for somebody.</summary>
internal sealed record WaitingMeter(MeterId Id, RegionId? RegionId, Position? At, string? Address);

/// <summary>Somebody who can take work.</summary>
/// <param name="Load">Open assignments now.</param>
/// <param name="MaxLoad">The most.</param>
internal sealed record FreeAgent(UserId Id, RegionId? RegionId, Position? At, int Load, int MaxLoad)
{
    public int Room => Math.Max(0, MaxLoad - Load);
}

/// <summary>Gives meters to agents: in their region first, so that loads end as even as they can, each agent's meters lying together and near to where the agent is.</summary>
internal static class SpreadWork
{
    /// <returns>Meters by agent, in walking order; <c>Left</c> found nobody with room.</returns>
    public static (IReadOnlyDictionary<UserId, List<WaitingMeter>> Given, IReadOnlyList<WaitingMeter> Left) Over(IReadOnlyList<WaitingMeter> meters, IReadOnlyList<FreeAgent> agents)
    {
        var given = agents.ToDictionary(agent => agent.Id, _ => new List<WaitingMeter>());
        var left = new List<WaitingMeter>();
        // Agents of a region serve it first; those without one help everywhere; whoever has room is better than nobody.
        foreach (var group in meters.GroupBy(meter => meter.RegionId).OrderBy(group => group.Key is null).ThenByDescending(group => group.Count()).ThenBy(group => group.Key?.Value))
        {
            var waiting = group.ToList();
            foreach (var circle in Circles(group.Key, agents))
            {
                waiting = Cut(waiting, circle, given);
            }

            left.AddRange(waiting);
        }

        foreach (var (agent, walk) in given.ToList())
        {
            given[agent] = [.. WalkOrder.ByStreet(walk, meter => meter.Address)];
        }

        return (given, left);
    }

    private static IEnumerable<IReadOnlyList<FreeAgent>> Circles(RegionId? region, IReadOnlyList<FreeAgent> agents)
    {
        if (region is not null)
        {
            yield return [.. agents.Where(agent => agent.RegionId == region)];
        }

        yield return [.. agents.Where(agent => agent.RegionId is null)];
        yield return agents;
    }

    private static List<WaitingMeter> Cut(List<WaitingMeter> waiting, IReadOnlyList<FreeAgent> agents, Dictionary<UserId, List<WaitingMeter>> given)
    {
        var shares = Level(agents.Select(agent => (agent.Load + given[agent.Id].Count, agent.MaxLoad)).ToList(), waiting.Count);
        if (shares.Sum() == 0)
        {
            return waiting;
        }

        // Along a curve that visits neighbours one after the other, each agent takes one piece; agents stand in the order of the pieces they are nearest to.
        var box = CurveBox.Around(waiting.Select(meter => meter.At).Concat(agents.Select(agent => agent.At)));
        var line = waiting.OrderBy(meter => meter.At is null).ThenBy(meter => box.Place(meter.At)).ThenBy(meter => meter.Id.Value).ToList();
        var (at, end) = (0, Math.Min(line.Count, shares.Sum()));
        foreach (var (agent, share) in agents.Zip(shares).OrderBy(pair => pair.First.At is null).ThenBy(pair => box.Place(pair.First.At)).ThenBy(pair => pair.First.Id.Value))
        {
            given[agent.Id].AddRange(line.GetRange(at, share));
            at += share;
        }

        return line.GetRange(end, line.Count - end);
    }

    /// <summary>How much each takes so that the fullest is as little full as can be: water poured into vessels of different floors and brims.</summary>
    internal static IReadOnlyList<int> Level(IReadOnlyList<(int Load, int MaxLoad)> vessels, int amount)
    {
        var rooms = vessels.Select(vessel => Math.Max(0, vessel.MaxLoad - vessel.Load)).ToList();
        amount = (int)Math.Min(amount, rooms.Sum(room => (long)room));
        var (low, high) = (0, vessels.Count == 0 ? 0 : vessels.Max(vessel => vessel.MaxLoad));
        while (low < high)
        {
            var level = low + ((high - low) / 2);
            if (Poured(level).Sum(share => (long)share) >= amount)
            {
                high = level;
            }
            else
            {
                low = level + 1;
            }
        }

        var shares = Poured(high).ToList();
        // The last layer is poured only as far as it goes.
        for (var (index, over) = (0, shares.Sum() - amount); over > 0 && index < shares.Count; index++)
        {
            if (shares[index] > 0 && vessels[index].Load + shares[index] == high)
            {
                shares[index]--;
                over--;
            }
        }

        return shares;

        IEnumerable<int> Poured(int level) => vessels.Select((vessel, index) => Math.Clamp(level - vessel.Load, 0, rooms[index]));
    }
}

/// <summary>Places positions along a Hilbert curve over the box around them.</summary>
internal readonly record struct CurveBox(double South, double West, double Height, double Width)
{
    private const int Order = 16;

    public static CurveBox Around(IEnumerable<Position?> positions)
    {
        var known = positions.OfType<Position>().ToList();
        return known.Count == 0
            ? default
            : new CurveBox(known.Min(at => at.Latitude), known.Min(at => at.Longitude), known.Max(at => at.Latitude) - known.Min(at => at.Latitude), known.Max(at => at.Longitude) - known.Min(at => at.Longitude));
    }

    /// <summary>Steps along the curve; the largest where the position is unknown.</summary>
    public long Place(Position? at)
    {
        if (at is not { } position)
        {
            return long.MaxValue;
        }

        var side = (1 << Order) - 1;
        var x = Width <= 0 ? 0 : (int)((position.Longitude - West) / Width * side);
        var y = Height <= 0 ? 0 : (int)((position.Latitude - South) / Height * side);
        var place = 0L;
        for (var half = 1 << (Order - 1); half > 0; half >>= 1)
        {
            var (right, up) = ((x & half) > 0 ? 1 : 0, (y & half) > 0 ? 1 : 0);
            place += (long)half * half * ((3 * right) ^ up);
            if (up == 0)
            {
                if (right == 1)
                {
                    (x, y) = (side - x, side - y);
                }

                (x, y) = (y, x);
            }
        }

        return place;
    }
}
