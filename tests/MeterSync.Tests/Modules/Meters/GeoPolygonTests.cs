using FsCheck;
using FsCheck.Fluent;
using MeterSync.Modules.Meters.Domain;
using Xunit;

namespace MeterSync.Tests.Modules.Meters;

public sealed class GeoPolygonTests
{
    private static readonly GeoPoint[] Square = [new(0, 0), new(0, 2), new(2, 2), new(2, 0)];

    /// <summary>Whole and half degrees: small enough that corners, edges and points often coincide.</summary>
    private static Gen<GeoPoint> OnGrid(int size) => from y in Gen.Choose(0, size) from x in Gen.Choose(0, size) select new GeoPoint(y / 2d, x / 2d);

    private static Gen<GeoPoint[]> Rings() => from count in Gen.Choose(3, 8) from points in Gen.ArrayOf(OnGrid(6), count) select points;

    /// <summary>Around a centre, corner after corner: simple but for a bad rounding.</summary>
    private static Gen<GeoPoint[]> Stars() =>
        from count in Gen.Choose(3, 60)
        from reaches in Gen.ArrayOf(Gen.Choose(1, 60_000), count)
        from turns in Gen.ArrayOf(Gen.Choose(1, 100), count)
        let total = turns.Sum()
        select reaches.Select((reach, index) => (Reach: reach, Angle: 2 * Math.PI * turns.Take(index).Sum() / total))
            .Select(spoke => new GeoPoint(Rounded(10 + (spoke.Reach / 1000d * Math.Sin(spoke.Angle))), Rounded(20 + (spoke.Reach / 1000d * Math.Cos(spoke.Angle))))).ToArray();

    private static double Rounded(double degrees) => Math.Round(degrees, 4);

    private static GeoPoint Shifted(GeoPoint point, int degrees) => new(point.Latitude, Rounded(((point.Longitude + degrees + 540 + 720) % 360) - 180));

    [Fact]
    public void Inside_is_what_the_winding_number_says_and_the_edge_belongs_to_it() =>
        Prop.ForAll(
            (from ring in Gen.OneOf(Rings(), Stars()) from points in Gen.ArrayOf(OnGrid(8), 40) select (ring, points)).ToArbitrary(),
            run => GeoPolygon.Of(run.ring, out _) is not { } polygon || run.points.Concat(run.ring).All(point => polygon.Contains(point) == (Reference.IsOnEdge(run.ring, point) || Reference.Winding(run.ring, point) != 0)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Edges_meet_where_solving_for_the_crossing_says_so() =>
        Prop.ForAll(Rings().ToArbitrary(), ring =>
        {
            var polygon = GeoPolygon.Of(ring, out var fault);
            return fault?.Kind switch
            {
                null => polygon is not null && !Reference.SomeEdgesMeet(ring),
                PolygonFaultKind.EdgesMeet => polygon is null && Reference.Meet(ring, fault.Edge - 1, fault.Other - 1),
                PolygonFaultKind.TooFewPoints => ring.Distinct().Count() < 3,
                PolygonFaultKind.NoArea => Reference.OnOneLine(ring),
                _ => false,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Nothing_changes_where_a_polygon_is_moved_over_the_antimeridian() =>
        Prop.ForAll(
            (from ring in Stars() from points in Gen.ArrayOf(from y in Gen.Choose(-600_000, 800_000) from x in Gen.Choose(-500_000, 900_000) select new GeoPoint(y / 10_000d, x / 10_000d), 30) from degrees in Gen.Choose(-720, 720) select (ring, points, degrees)).ToArbitrary(),
            run =>
            {
                var (here, there) = (GeoPolygon.Of(run.ring, out var fault), GeoPolygon.Of([.. run.ring.Select(point => Shifted(point, run.degrees))], out var otherFault));
                return fault == otherFault && (here is null || (Math.Abs(here.SquareMetres - there!.SquareMetres) <= 1e-9 * here.SquareMetres
                    && run.points.Concat(run.ring).All(point => here.Contains(point) == there.Contains(Shifted(point, run.degrees)))));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void The_boxes_hold_every_point_of_the_shape() =>
        Prop.ForAll(
            (from ring in Stars() from points in Gen.ArrayOf(from y in Gen.Choose(-900, 900) from x in Gen.Choose(-1800, 1800) select new GeoPoint(y / 10d, x / 10d), 60) from degrees in Gen.Choose(-360, 360) from metres in Gen.Choose(1, 20_015_115) select (ring, points, degrees, metres)).ToArbitrary(),
            run =>
            {
                var ring = run.ring.Select(point => Shifted(point, run.degrees)).ToList();
                IGeoShape[] shapes = [new GeoCircle(ring[0], run.metres), .. GeoPolygon.Of(ring, out _) is { } polygon ? [polygon] : Array.Empty<IGeoShape>()];
                return shapes.All(shape => run.points.Concat(ring).Where(shape.Contains).All(point => shape.Boxes.Any(box => IsIn(box, point)))
                    && shape.Boxes.All(box => box is { West: >= -180, East: <= 180 } && box.West <= box.East));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Which_point_is_first_and_which_way_round_they_go_does_not_matter() =>
        Prop.ForAll(
            (from ring in Stars() from first in Gen.Choose(0, 59) from points in Gen.ArrayOf(OnGrid(120), 20) select (ring, first, points)).ToArbitrary(),
            run =>
            {
                GeoPoint[] turned = [.. run.ring.Skip(run.first % run.ring.Length), .. run.ring.Take(run.first % run.ring.Length)];
                var (one, other) = (GeoPolygon.Of(run.ring, out _), GeoPolygon.Of([.. turned.Reverse()], out _));
                return (one is null) == (other is null) && (one is null || run.points.All(point => one.Contains(point) == other!.Contains(point)));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(2, 0, 0, 0)]
    [InlineData(2, 0, 180, 0)]
    [InlineData(2, 0, -180, 0)]
    public void A_square_over_any_meridian_holds_its_middle_and_its_corners(double half, double latitude, double longitude, double distance)
    {
        var ring = new[] { (-1, -1), (-1, 1), (1, 1), (1, -1) }.Select(corner => new GeoPoint(latitude + (corner.Item1 * half), East(longitude + (corner.Item2 * half)))).ToList();
        var square = GeoPolygon.Of(ring, out var fault)!;
        Assert.Null(fault);
        Assert.True(square.Contains(new GeoPoint(latitude, longitude)));
        Assert.True(square.Contains(new GeoPoint(latitude, longitude == -180 ? 180 : longitude)));
        Assert.All(ring, corner => Assert.True(square.Contains(corner)));
        Assert.False(square.Contains(new GeoPoint(latitude, East(longitude + half + 1e-8))));
        Assert.False(square.Contains(new GeoPoint(latitude + half + 1e-8, longitude)));
        Assert.Equal(distance, square.Boxes.Min(box => Math.Abs(box.South + half)), 6);
    }

    [Fact]
    public void Areas_are_those_of_the_sphere()
    {
        const double sphere = 4 * Math.PI * GeoPoint.EarthRadiusMetres * GeoPoint.EarthRadiusMetres;
        Assert.Equal(1d, GeoPolygon.Of([new(0, 0), new(0, 90), new(90, 90), new(90, 0)], out _)!.SquareMetres / (sphere / 8), 9);
        Assert.Equal(1d, GeoPolygon.Of([new(60, 170), new(60, -170), new(61, -170), new(61, 170)], out _)!.SquareMetres / (sphere * (20d / 720) * (Sine(61) - Sine(60))), 9);
        Assert.Equal(1d, new GeoCircle(new GeoPoint(12, 34), GeoPoint.FurthestMetres).SquareMetres / sphere, 9);
        Assert.Equal(1d, new GeoCircle(new GeoPoint(12, 34), 1).SquareMetres / Math.PI, 9);
        static double Sine(double degrees) => Math.Sin(double.DegreesToRadians(degrees));
    }

    [Fact]
    public void Says_what_is_wrong_with_points_that_make_no_polygon()
    {
        Assert.Null(Fault(Square));
        Assert.Null(Fault([.. Square, Square[0]]));
        Assert.Null(Fault([Square[0], Square[0], .. Square]));
        Assert.Equal(PolygonFaultKind.TooFewPoints, Fault([])?.Kind);
        Assert.Equal(PolygonFaultKind.TooFewPoints, Fault([new(1, 1), new(2, 2), new(1, 1)])?.Kind);
        Assert.Equal(PolygonFaultKind.TooFewPoints, Fault([new(1, 180), new(1, -180), new(1, 180), new(5, 180)])?.Kind);
        Assert.Equal(PolygonFaultKind.NoArea, Fault([new(0, 0), new(1, 1), new(2, 2)])?.Kind);
        Assert.Equal(new PolygonFault(PolygonFaultKind.EdgesMeet, 1, 3), Fault([new(0, 0), new(2, 2), new(0, 2), new(2, 0)]));
        Assert.Equal(new PolygonFault(PolygonFaultKind.EdgesMeet, 2, 4), Fault([new(0, 170), new(0, 175), new(2, -175), new(0, -175), new(2, 175)]));
        // A spike out and back, a corner on another edge, and a waist of no width.
        Assert.Equal(PolygonFaultKind.EdgesMeet, Fault([new(0, 0), new(0, 2), new(2, 2), new(5, 5), new(2, 2), new(2, 0)])?.Kind);
        Assert.Equal(PolygonFaultKind.EdgesMeet, Fault([new(0, 0), new(0, 4), new(4, 4), new(0, 2), new(4, 0)])?.Kind);
        Assert.Equal(PolygonFaultKind.EdgesMeet, Fault([new(0, 0), new(2, 2), new(0, 4), new(4, 4), new(2, 2), new(4, 0)])?.Kind);
        Assert.Equal(PolygonFaultKind.AroundPole, Fault([new(70, 0), new(70, 120), new(70, -120)])?.Kind);
        Assert.Equal(PolygonFaultKind.AroundPole, Fault([new(-70, 0), new(-70, -120), new(-71, 120), new(-70, 0)])?.Kind);
        // Once round and back again: it would lie on itself.
        Assert.Equal(PolygonFaultKind.AroundPole, Fault([new(0, 0), new(0, 120), new(0, -120), new(0, 0), new(0, 10), new(5, 10), new(5, 0), new(5, -120), new(5, 120), new(5, 0)])?.Kind);
        Assert.Equal(new PolygonFault(PolygonFaultKind.HalfwayRound, 2), Fault([new(0, -90), new(0, 0), new(0, 180), new(10, 100)]));
        Assert.Equal(new PolygonFault(PolygonFaultKind.HalfwayRound, 3), Fault([new(0, 0), new(10, 90), new(20, 180)]));
    }

    private static PolygonFault? Fault(GeoPoint[] points)
    {
        var polygon = GeoPolygon.Of(points, out var fault);
        Assert.Equal(fault is null, polygon is not null);
        return fault;
    }

    private static double East(double longitude) => longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;

    private static bool IsIn(GeoBox box, GeoPoint point) => point.Latitude >= box.South && point.Latitude <= box.North && point.Longitude >= box.West && point.Longitude <= box.East;

    /// <summary>The same questions asked in another way, in exact decimals, of rings that cross no antimeridian.</summary>
    private static class Reference
    {
        public static bool IsOnEdge(GeoPoint[] ring, GeoPoint point) => Edges(ring).Any(edge => IsOn(edge, Exact(point)));

        /// <summary>How often the ring goes round the point: upward edges to its east count one, downward ones minus one (Sunday, 2001).</summary>
        public static int Winding(GeoPoint[] ring, GeoPoint point)
        {
            var (x, y) = Exact(point);
            var winding = 0;
            foreach (var (from, to) in Edges(ring))
            {
                var left = ((to.X - from.X) * (y - from.Y)) - ((x - from.X) * (to.Y - from.Y));
                winding += from.Y <= y && to.Y > y && left > 0 ? 1 : from.Y > y && to.Y <= y && left < 0 ? -1 : 0;
            }

            return winding;
        }

        public static bool OnOneLine(GeoPoint[] ring)
        {
            var distinct = ring.Distinct().Select(Exact).ToList();
            return distinct.TrueForAll(point => Cross(Minus(distinct[1], distinct[0]), Minus(point, distinct[0])) == 0);
        }

        public static bool SomeEdgesMeet(GeoPoint[] ring) => Enumerable.Range(0, ring.Length).Any(one => Enumerable.Range(one + 1, ring.Length - one - 1).Any(other => Meet(ring, one, other)));

        /// <summary>Whether two edges share more than the corner between neighbours. An edge without length, from a point given twice, meets nothing.</summary>
        public static bool Meet(GeoPoint[] ring, int one, int other)
        {
            var edges = Edges(ring).Select((edge, index) => (Edge: edge, Index: index)).Where(row => row.Edge.From != row.Edge.To).ToList();
            var (at, next) = (edges.FindIndex(row => row.Index == one), edges.FindIndex(row => row.Index == other));
            if (at < 0 || next < 0)
            {
                return false;
            }

            var (first, second) = (edges[at].Edge, edges[next].Edge);
            return next == at + 1 ? IsOn(first, second.To) || IsOn(second, first.From)
                : at == 0 && next == edges.Count - 1 ? IsOn(second, first.To) || IsOn(first, second.From)
                : Cross2(first, second);
        }

        private static bool Cross2((Spot From, Spot To) one, (Spot From, Spot To) other)
        {
            var (r, s, between) = (Minus(one.To, one.From), Minus(other.To, other.From), Minus(other.From, one.From));
            var across = Cross(r, s);
            if (across == 0)
            {
                return IsOn(one, other.From) || IsOn(one, other.To) || IsOn(other, one.From) || IsOn(other, one.To);
            }

            var (t, u) = (Cross(between, s) / across, Cross(between, r) / across);
            return t >= 0 && t <= 1 && u >= 0 && u <= 1;
        }

        private static bool IsOn((Spot From, Spot To) edge, Spot point) =>
            Cross(Minus(edge.To, edge.From), Minus(point, edge.From)) == 0
            && point.X >= Math.Min(edge.From.X, edge.To.X) && point.X <= Math.Max(edge.From.X, edge.To.X) && point.Y >= Math.Min(edge.From.Y, edge.To.Y) && point.Y <= Math.Max(edge.From.Y, edge.To.Y);

        private static IEnumerable<(Spot From, Spot To)> Edges(GeoPoint[] ring) => ring.Select((point, index) => (Exact(point), Exact(ring[(index + 1) % ring.Length])));

        private static Spot Exact(GeoPoint point) => new((decimal)point.Longitude, (decimal)point.Latitude);

        private static Spot Minus(Spot one, Spot other) => new(one.X - other.X, one.Y - other.Y);

        private static decimal Cross(Spot one, Spot other) => (one.X * other.Y) - (one.Y * other.X);

        private readonly record struct Spot(decimal X, decimal Y);
    }
}
