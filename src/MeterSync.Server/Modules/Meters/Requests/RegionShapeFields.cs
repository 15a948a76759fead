using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>Writes the shape a request gives into a region.</summary>
internal static class RegionShapeFields
{
    /// <returns>Why there can be no such shape, or null. Without a shape in the request the region has none afterwards.</returns>
    public static Problem? WriteShapeTo(this RegionRequest request, Region region)
    {
        var centre = PositionRequest.Settle("location", request.Location, request.Coordinates, new PositionRequest(request.Latitude, request.Longitude, null, null, null), new PositionRequest(null, null, request.Lat, request.Lng, null));
        if (centre.Problem is { } problem)
        {
            return problem;
        }

        if (request.Polygon is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } polygon)
        {
            region.Polygon = null;
            return WriteCircle(centre.Value, request.Radius, region);
        }

        if (centre.Value is not null || request.Radius is not null)
        {
            return RegionProblems.TwoShapes.For("polygon", "The request gives a polygon and a circle; a region has one of them.");
        }

        (region.Latitude, region.Longitude, region.RadiusMetres) = (null, null, null);
        return WritePolygon(polygon, region);
    }

    private static Problem? WriteCircle(GeoPoint? centre, double? radius, Region region)
    {
        if ((centre is null) != (radius is null))
        {
            return centre is null
                ? RegionProblems.CircleIncomplete.For("location", "A circle with a radius needs its centre: location with latitude and longitude.")
                : RegionProblems.CircleIncomplete.For("radius", "A circle around the location needs its radius, in metres.");
        }

        if (radius is not null and not (> 0 and <= GeoPoint.FurthestMetres))
        {
            return RegionProblems.RadiusOutOfRange.For("radius", $"The radius is above 0 and at most {GeoPoint.FurthestMetres:0} metres, half the way round the Earth.");
        }

        (region.Latitude, region.Longitude, region.RadiusMetres) = (centre?.Latitude, centre?.Longitude, radius);
        return null;
    }

    private static Problem? WritePolygon(JsonElement polygon, Region region)
    {
        var read = PolygonPoints.Read(polygon);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var points = read.Value;
        GeoPolygon.Of(points, out var fault);
        if (fault is not null)
        {
            return Refusal(fault, points.Count);
        }

        // A text that says the same points is left as it is: the databases keep it in different spellings.
        if (region.Polygon is null || !PolygonText.Read(region.Polygon).SequenceEqual(points))
        {
            region.Polygon = PolygonText.Write(points);
        }

        return null;
    }

    private static Problem Refusal(PolygonFault fault, int count) => fault.Kind switch
    {
        PolygonFaultKind.TooFewPoints => RegionProblems.PolygonTooFewPoints.For("polygon", "A polygon has at least three different points."),
        PolygonFaultKind.NoArea => RegionProblems.PolygonNoArea.For("polygon", "All points of the polygon lie on one line, so that it has no area."),
        PolygonFaultKind.AroundPole => RegionProblems.PolygonAroundPole.For("polygon", "The polygon goes round a pole or spans every longitude. Use a circle, or two regions."),
        PolygonFaultKind.HalfwayRound => RegionProblems.PolygonHalfwayRound.For("polygon", $"{Edge(fault.Edge, count)} goes exactly half the way round the Earth, so either way is as short: put a point between."),
        PolygonFaultKind.EdgesMeet => RegionProblems.PolygonEdgesMeet.For("polygon", $"{Edge(fault.Edge, count)} meets edge {fault.Other}, from point {fault.Other} to point {(fault.Other % count) + 1}."),
        _ => throw new InvalidOperationException($"{fault.Kind} has no message."),
    };

    private static string Edge(int number, int count) => $"Edge {number} of the polygon, from point {number} to point {(number % count) + 1},";
}
