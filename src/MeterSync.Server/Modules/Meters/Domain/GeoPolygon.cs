namespace MeterSync.Modules.Meters.Domain;

/// <summary>What keeps points from being the corners of a polygon.</summary>
internal enum PolygonFaultKind
{
    /// <summary>Fewer than three distinct points.</summary>
    TooFewPoints,

    /// <summary>An edge goes exactly half the way round, so that neither way is the short one.</summary>
    HalfwayRound,

    /// <summary>The ring goes round a pole, or spans every longitude.</summary>
    AroundPole,

    /// <summary>All points lie on one line.</summary>
    NoArea,

    /// <summary>Two edges cross, touch or lie on each other.</summary>
    EdgesMeet,
}

/// <param name="Kind">What is wrong.</param>
/// <param name="Edge">Edge n goes from point n to the next one, counted from 1; 0 where no edge is to blame.</param>
/// <param name="Other">The edge it meets; 0 where there is none.</param>
internal sealed record PolygonFault(PolygonFaultKind Kind, int Edge = 0, int Other = 0);

/// <summary>A polygon whose edges are straight in latitude and longitude (RFC 7946, 3.1.1) and go the short way round the Earth, so that it may cross the antimeridian.</summary>
/// <remarks>Points are rounded to a billionth of a degree, a tenth of a millimetre. On that grid longitudes can be shifted by whole turns and every question of left or
/// right has an exact answer in whole numbers: a point on an edge is on it wherever on the Earth the polygon lies.</remarks>
internal sealed class GeoPolygon : IGeoShape
{
    private const long PerDegree = 1_000_000_000;
    private const long Turn = 360 * PerDegree;

    private const int MostBands = 1024;

    private readonly List<Corner> ring;
    private readonly Lazy<List<(Corner From, Corner To)>[]> bands;
    private readonly long south;
    private readonly long north;
    private readonly long west;
    private readonly long east;

    private GeoPolygon(List<Corner> ring)
    {
        this.ring = ring;
        (south, north, west, east) = (ring.Min(corner => corner.Y), ring.Max(corner => corner.Y), ring.Min(corner => corner.X), ring.Max(corner => corner.X));
        bands = new Lazy<List<(Corner From, Corner To)>[]>(Banded);
    }

    public IReadOnlyList<GeoBox> Boxes
    {
        get
        {
            var from = Modulo(west + (Turn / 2)) - (Turn / 2);
            return GeoBox.Between(Degrees(south), Degrees(north), Degrees(from), Degrees(from + (east - west)));
        }
    }

    public double SquareMetres
    {
        get
        {
            // Green: the integral of sin(latitude) over longitude along each straight edge.
            var sum = 0d;
            for (var index = 0; index < ring.Count; index++)
            {
                var (from, to) = (ring[index], ring[(index + 1) % ring.Count]);
                var (middle, half) = (double.DegreesToRadians(Degrees(from.Y + to.Y) / 2), double.DegreesToRadians(Degrees(to.Y - from.Y) / 2));
                sum += double.DegreesToRadians(Degrees(to.X - from.X)) * Math.Sin(middle) * (half == 0 ? 1 : Math.Sin(half) / half);
            }

            return Math.Abs(sum) * GeoPoint.EarthRadiusMetres * GeoPoint.EarthRadiusMetres;
        }
    }

    /// <param name="points">Corners in order, either way round; a first point repeated at the end is none of its own. Finite, in range.</param>
    /// <param name="fault">Why there is no polygon; null where there is one.</param>
    public static GeoPolygon? Of(IReadOnlyList<GeoPoint> points, out PolygonFault? fault)
    {
        fault = Unwrap(points, out var ring) ?? (
            ring.Distinct().Count() < 3 ? new PolygonFault(PolygonFaultKind.TooFewPoints)
            : ring.Max(corner => corner.X) - ring.Min(corner => corner.X) >= Turn ? new PolygonFault(PolygonFaultKind.AroundPole)
            : ring.TrueForAll(corner => Side(ring[0], ring[1], corner) == 0) ? new PolygonFault(PolygonFaultKind.NoArea)
            : MeetingEdges(ring));
        return fault is null ? new GeoPolygon(ring) : null;
    }

    /// <summary>From points that <see cref="Of"/> found nothing wrong with.</summary>
    public static GeoPolygon OfChecked(IReadOnlyList<GeoPoint> points) =>
        Unwrap(points, out var ring) is null ? new GeoPolygon(ring) : throw new ArgumentException("These points were never checked.", nameof(points));

    public bool Contains(GeoPoint point)
    {
        var (x, y) = (Grid(point.Longitude), Grid(point.Latitude));
        x = west + Modulo(x - west);
        if (y < south || y > north || x > east)
        {
            return false;
        }

        var (place, inside) = (new Corner(x, y, 0), false);
        foreach (var (from, to) in bands.Value[BandOf(y)])
        {
            if ((from.Y > y) != (to.Y > y))
            {
                var side = Side(from, to, place);
                if (side == 0)
                {
                    return true;
                }

                // The ray to the east crosses the edge where the point lies to the west of it.
                inside ^= side > 0 == to.Y > from.Y;
            }
            else if ((to.X == x && to.Y == y) || (from.Y == y && to.Y == y && x >= Math.Min(from.X, to.X) && x <= Math.Max(from.X, to.X)))
            {
                return true;
            }
        }

        return inside;
    }

    /// <summary>The edges by the bands of latitude they reach, so that a point is held against few of them.</summary>
    private List<(Corner From, Corner To)>[] Banded()
    {
        var banded = new List<(Corner From, Corner To)>[Math.Min(ring.Count, MostBands)];
        for (var band = 0; band < banded.Length; band++)
        {
            banded[band] = [];
        }

        var from = ring[^1];
        foreach (var to in ring)
        {
            for (var band = BandOf(Math.Min(from.Y, to.Y), banded.Length); band <= BandOf(Math.Max(from.Y, to.Y), banded.Length); band++)
            {
                banded[band].Add((from, to));
            }

            from = to;
        }

        return banded;
    }

    private int BandOf(long y) => BandOf(y, bands.Value.Length);

    private int BandOf(long y, int count) => (int)((y - south) * count / (north - south + 1));

    /// <summary>Longitudes that go on where the antimeridian is crossed, without points that repeat the one before.</summary>
    private static PolygonFault? Unwrap(IReadOnlyList<GeoPoint> points, out List<Corner> ring)
    {
        ring = new List<Corner>(points.Count);
        for (var index = 0; index < points.Count; index++)
        {
            var (x, y) = (Grid(points[index].Longitude), Grid(points[index].Latitude));
            if (ring is [.., var last])
            {
                var step = ShortWay(x - last.X);
                if (step == Turn / 2)
                {
                    return new PolygonFault(PolygonFaultKind.HalfwayRound, last.Number);
                }

                x = last.X + step;
                if (x == last.X && y == last.Y)
                {
                    // The edge that follows begins at the last of the points that are one.
                    ring[^1] = last with { Number = index + 1 };
                    continue;
                }
            }

            ring.Add(new Corner(x, y, index + 1));
        }

        while (ring.Count > 1 && ring[^1].Y == ring[0].Y && ShortWay(ring[0].X - ring[^1].X) == 0)
        {
            if (ring[^1].X != ring[0].X)
            {
                return new PolygonFault(PolygonFaultKind.AroundPole);
            }

            ring.RemoveAt(ring.Count - 1);
        }

        if (ring.Count < 2)
        {
            return null;
        }

        var closing = ShortWay(ring[0].X - ring[^1].X);
        return closing == Turn / 2 ? new PolygonFault(PolygonFaultKind.HalfwayRound, ring[^1].Number)
            : ring[^1].X + closing != ring[0].X ? new PolygonFault(PolygonFaultKind.AroundPole)
            : null;
    }

    private static PolygonFault? MeetingEdges(List<Corner> ring)
    {
        for (var one = 0; one < ring.Count; one++)
        {
            var (from, to) = (ring[one], ring[(one + 1) % ring.Count]);
            for (var other = one + 1; other < ring.Count; other++)
            {
                var (start, end) = (ring[other], ring[(other + 1) % ring.Count]);
                var meet = other == one + 1 ? FoldsBack(from, to, end)
                    : one == 0 && other == ring.Count - 1 ? FoldsBack(start, from, to)
                    : Meet(from, to, start, end);
                if (meet)
                {
                    return new PolygonFault(PolygonFaultKind.EdgesMeet, from.Number, start.Number);
                }
            }
        }

        return null;
    }

    /// <summary>Whether the edge to the third point lies on the edge from the first to the second.</summary>
    private static bool FoldsBack(Corner first, Corner second, Corner third) =>
        Side(first, second, third) == 0 && ((Int128)(second.X - first.X) * (third.X - second.X)) + ((Int128)(second.Y - first.Y) * (third.Y - second.Y)) < 0;

    private static bool Meet(Corner from, Corner to, Corner start, Corner end)
    {
        if (Math.Max(from.X, to.X) < Math.Min(start.X, end.X) || Math.Max(start.X, end.X) < Math.Min(from.X, to.X)
            || Math.Max(from.Y, to.Y) < Math.Min(start.Y, end.Y) || Math.Max(start.Y, end.Y) < Math.Min(from.Y, to.Y))
        {
            return false;
        }

        // Their boxes overlap: edges on one line meet as well.
        return Side(from, to, start) * Side(from, to, end) <= 0 && Side(start, end, from) * Side(start, end, to) <= 0;
    }

    /// <summary>1 where the point is to the left of the way from one corner to the other, -1 to the right, 0 on the line.</summary>
    private static int Side(Corner from, Corner to, Corner point) =>
        Int128.Sign(((Int128)(to.X - from.X) * (point.Y - from.Y)) - ((Int128)(to.Y - from.Y) * (point.X - from.X)));

    private static long Grid(double degrees) => (long)Math.Round(degrees * PerDegree);

    private static double Degrees(long grid) => grid / (double)PerDegree;

    private static long Modulo(long x) => ((x % Turn) + Turn) % Turn;

    /// <summary>Above minus half a turn, at most half a turn.</summary>
    private static long ShortWay(long x) => Modulo(x) is var ahead && ahead > Turn / 2 ? ahead - Turn : ahead;

    /// <param name="X">Billionths of a degree east, unwrapped.</param>
    /// <param name="Y">Billionths of a degree north.</param>
    /// <param name="Number">Which of the points given it is, from 1.</param>
    private readonly record struct Corner(long X, long Y, int Number)
    {
        public bool Equals(Corner other) => X == other.X && Y == other.Y;

        public override int GetHashCode() => HashCode.Combine(X, Y);
    }
}
