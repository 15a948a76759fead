using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>Places close enough together that the Earth is flat between them: metres east and north of the first.</summary>
internal sealed class Plane
{
    private readonly double[] east;
    private readonly double[] north;
    private readonly (double East, double North)? start;

    public Plane(IReadOnlyList<Position> places, Position? from)
    {
        var origin = places[0];
        var metresPerDegree = Math.PI / 180 * Position.EarthRadiusMetres;
        var narrowing = Math.Cos(double.DegreesToRadians(origin.Latitude));
        (east, north) = (new double[places.Count], new double[places.Count]);
        for (var index = 0; index < places.Count; index++)
        {
            (east[index], north[index]) = Project(places[index]);
        }

        start = from is { } given ? Project(given) : null;

        (double, double) Project(Position place) =>
            (Math.IEEERemainder(place.Longitude - origin.Longitude, 360) * metresPerDegree * narrowing, (place.Latitude - origin.Latitude) * metresPerDegree);
    }

    /// <summary>Always on to the nearest place not yet visited.</summary>
    public int[] NearestNeighbour()
    {
        var count = east.Length;
        var tour = new int[count];
        var left = new int[count];
        for (var index = 0; index < count; index++)
        {
            left[index] = index;
        }

        var (x, y) = start ?? (east[0], north[0]);
        for (var step = 0; step < count; step++)
        {
            var (best, bestSquare) = (step, double.MaxValue);
            for (var index = step; index < count; index++)
            {
                var (dx, dy) = (east[left[index]] - x, north[left[index]] - y);
                var square = (dx * dx) + (dy * dy);
                if (square < bestSquare)
                {
                    (best, bestSquare) = (index, square);
                }
            }

            (left[step], left[best]) = (left[best], left[step]);
            tour[step] = left[step];
            (x, y) = (east[tour[step]], north[tour[step]]);
        }

        return tour;
    }

    /// <summary>2-opt: turns a part of the walk round wherever that makes it shorter; only between places that are close, since no other turn can help.</summary>
    public void Untangle(int[] tour, int neighbours, int mostSweeps)
    {
        var close = CloseTo(neighbours);
        var placeOf = new int[tour.Length];
        Number(tour, placeOf, 0, tour.Length - 1);
        for (var (sweep, better) = (0, true); better && sweep < mostSweeps; sweep++)
        {
            better = false;
            foreach (var city in close.Keys)
            {
                foreach (var other in close[city])
                {
                    better |= TurnBetween(tour, placeOf, placeOf[city], placeOf[other]);
                }
            }
        }
    }

    private bool TurnBetween(int[] tour, int[] placeOf, int a, int b)
    {
        // Joining a to b replaces (a, a+1) and (b, b+1) by (a, b) and (a+1, b+1); or (a-1, a) and (b-1, b) likewise.
        var (low, high) = a < b ? (a, b) : (b, a);
        if (high - low > 1 && Gain(tour, low, high) > 1e-6)
        {
            Reverse(tour, placeOf, low + 1, high);
            return true;
        }

        if (Gain(tour, low - 1, high - 1) > 1e-6)
        {
            Reverse(tour, placeOf, low, high - 1);
            return true;
        }

        return false;
    }

    /// <summary>Metres saved by walking from place <paramref name="i"/> to place <paramref name="j"/> and then from the one after i to the one after j. -1 is the start; behind the last place the walk is free.</summary>
    private double Gain(int[] tour, int i, int j)
    {
        if (i >= j || (i < 0 && start is null))
        {
            return i < 0 && j > 0 && j + 1 < tour.Length ? Leg(tour, j, j + 1) - Leg(tour, 0, j + 1) : 0;
        }

        var before = Leg(tour, i, i + 1) + (j + 1 < tour.Length ? Leg(tour, j, j + 1) : 0);
        var after = Leg(tour, i, j) + (j + 1 < tour.Length ? Leg(tour, i + 1, j + 1) : 0);
        return before - after;
    }

    private double Leg(int[] tour, int i, int j)
    {
        var (x, y) = i < 0 ? start!.Value : (east[tour[i]], north[tour[i]]);
        var (dx, dy) = (east[tour[j]] - x, north[tour[j]] - y);
        return Math.Sqrt((dx * dx) + (dy * dy));
    }

    private static void Reverse(int[] tour, int[] placeOf, int from, int to)
    {
        Array.Reverse(tour, from, to - from + 1);
        Number(tour, placeOf, from, to);
    }

    private static void Number(int[] tour, int[] placeOf, int from, int to)
    {
        for (var index = from; index <= to; index++)
        {
            placeOf[tour[index]] = index;
        }
    }

    private SortedDictionary<int, int[]> CloseTo(int most)
    {
        // Places in order of their east: neighbours are looked for outwards until the distance along that axis alone is too far.
        var order = Enumerable.Range(0, east.Length).OrderBy(index => east[index]).ToArray();
        var found = new SortedDictionary<int, int[]>();
        for (var at = 0; at < order.Length; at++)
        {
            var city = order[at];
            var nearest = new PriorityQueue<int, double>();
            for (var (left, right) = (at - 1, at + 1); left >= 0 || right < order.Length;)
            {
                var (dLeft, dRight) = (left >= 0 ? east[city] - east[order[left]] : double.MaxValue, right < order.Length ? east[order[right]] - east[city] : double.MaxValue);
                if (nearest.Count == most && nearest.TryPeek(out _, out var furthest) && Math.Min(dLeft, dRight) > -furthest)
                {
                    break;
                }

                var other = dLeft <= dRight ? order[left--] : order[right++];
                var (dx, dy) = (east[other] - east[city], north[other] - north[city]);
                var metres = Math.Sqrt((dx * dx) + (dy * dy));
                if (nearest.Count < most)
                {
                    nearest.Enqueue(other, -metres);
                }
                else if (nearest.TryPeek(out _, out var worst) && metres < -worst)
                {
                    nearest.DequeueEnqueue(other, -metres);
                }
            }

            found[city] = [.. nearest.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
        }

        return found;
    }
}
