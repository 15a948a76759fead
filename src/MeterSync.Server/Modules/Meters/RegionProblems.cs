using MeterSync.Kernel;

namespace MeterSync.Modules.Meters;

internal static class RegionProblems
{
    public static readonly ProblemCode NotFound = new("region.not_found", 404, "There is no such region, or it is not yours to see.");
    public static readonly ProblemCode NameTaken = new("region.name_taken", 409, "Another region has this name.");
    public static readonly ProblemCode InUse = new("region.in_use", 409, "Service points lie in the region, or agents, routes or read cycles name it; move them to another one first.");
    public static readonly ProblemCode NoShape = new("region.no_shape", 409, "The region has neither a circle nor a polygon, so nothing lies in its shape.");
    public static readonly ProblemCode TwoShapes = new("region.two_shapes", 400, "A region has a circle or a polygon, not both.");
    public static readonly ProblemCode CircleIncomplete = new("region.circle_incomplete", 400, "A circle needs its centre and its radius.");
    public static readonly ProblemCode RadiusOutOfRange = new("region.radius_out_of_range", 400, "The radius is not above 0, or is more than half the way round the Earth.");
    public static readonly ProblemCode PolygonUnreadable = new("region.polygon_unreadable", 400, "The polygon is neither a list of points nor a GeoJSON Polygon without holes.");
    public static readonly ProblemCode PolygonBadPoint = new("region.polygon_bad_point", 400, "A point of the polygon is not a position on the Earth.");
    public static readonly ProblemCode PolygonTooFewPoints = new("region.polygon_too_few_points", 400, "A polygon has at least three different points.");
    public static readonly ProblemCode PolygonTooManyPoints = new("region.polygon_too_many_points", 400, "A polygon has at most 1,000 points.");
    public static readonly ProblemCode PolygonEdgesMeet = new("region.polygon_edges_meet", 400, "Two edges of the polygon cross, touch or lie on each other.");
    public static readonly ProblemCode PolygonNoArea = new("region.polygon_no_area", 400, "All points of the polygon lie on one line.");
    public static readonly ProblemCode PolygonHalfwayRound = new("region.polygon_halfway_round", 400, "An edge of the polygon goes exactly half the way round the Earth, so either way is as short.");
    public static readonly ProblemCode PolygonAroundPole = new("region.polygon_around_pole", 400, "The polygon goes round a pole or spans every longitude; use a circle, or two regions.");
}
