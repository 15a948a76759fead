using System.Globalization;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>Reads the corners of a polygon in any of the spellings that callers use.</summary>
internal static class PolygonPoints
{
    private const string Field = "polygon";

    /// <summary>The points in their order, the first not repeated at the end. Whether they make a polygon is not looked at.</summary>
    public static Outcome<IReadOnlyList<GeoPoint>> Read(JsonElement polygon)
    {
        var ring = RingOf(polygon);
        if (!ring.Succeeded)
        {
            return ring.Problem;
        }

        // One more than fits: the first may be repeated.
        var count = ring.Value.GetArrayLength();
        if (count > RegionLimits.PolygonPoints + 1)
        {
            return TooMany();
        }

        var points = new List<GeoPoint>(count);
        foreach (var element in ring.Value.EnumerateArray())
        {
            if (PointOf(element) is not { } point)
            {
                return RegionProblems.PolygonBadPoint.For($"{Field}[{points.Count}]", $"Point {points.Count + 1} of the polygon is not {{latitude, longitude}} or [longitude, latitude] with latitudes from -90 to 90 and longitudes from -180 to 180.");
            }

            points.Add(point);
        }

        if (points.Count > 1 && points[0] == points[^1])
        {
            points.RemoveAt(points.Count - 1);
        }

        return points.Count > RegionLimits.PolygonPoints ? TooMany() : points;
    }

    private static Outcome<JsonElement> RingOf(JsonElement polygon)
    {
        if (polygon.ValueKind == JsonValueKind.Array)
        {
            return polygon;
        }

        if (polygon.ValueKind != JsonValueKind.Object)
        {
            return Unreadable("A polygon is a list of points, each {latitude, longitude} or [longitude, latitude], or a GeoJSON Polygon.");
        }

        if (!polygon.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "Polygon"
            || !polygon.TryGetProperty("coordinates", out var rings) || rings.ValueKind != JsonValueKind.Array || rings.GetArrayLength() == 0 || rings[0].ValueKind != JsonValueKind.Array)
        {
            return Unreadable("Of GeoJSON a region takes a geometry of the type Polygon with its coordinates.");
        }

        return rings.GetArrayLength() == 1 ? rings[0] : Unreadable("The GeoJSON Polygon has holes; a region has none.");
    }

    private static GeoPoint? PointOf(JsonElement element)
    {
        var (latitude, longitude) = element.ValueKind switch
        {
            // A third number is a height, which says nothing here.
            JsonValueKind.Array when element.GetArrayLength() is 2 or 3 => (DegreesOf(element[1]), DegreesOf(element[0])),
            JsonValueKind.Object => (Member(element, "latitude", "lat"), Member(element, "longitude", "lng", "lon")),
            _ => (null, null),
        };
        return (latitude, longitude) is ({ } north, { } east) && Math.Abs(north) <= 90 && Math.Abs(east) <= 180 ? new GeoPoint(north, east) : null;
    }

    /// <summary>The one value that all spellings given agree on.</summary>
    private static double? Member(JsonElement element, params ReadOnlySpan<string> names)
    {
        double? settled = null;
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (DegreesOf(value) is not { } degrees || (settled is { } other && !other.Equals(degrees)))
            {
                return null;
            }

            settled = degrees;
        }

        return settled;
    }

    /// <summary>A number, or a text that is one, as everywhere in bodies. Words such as NaN are none.</summary>
    private static double? DegreesOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? Finite(number)
        : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var read) ? Finite(read)
        : null;

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;

    private static Problem Unreadable(string message) => RegionProblems.PolygonUnreadable.For(Field, message);

    private static Problem TooMany() =>
        RegionProblems.PolygonTooManyPoints.For(Field, string.Create(CultureInfo.InvariantCulture, $"The polygon has more than {RegionLimits.PolygonPoints:n0} points."));
}
