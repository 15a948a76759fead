using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Public;

/// <summary>A place on the Earth for other modules; distances as the meters' own.</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
internal readonly record struct Position(double Latitude, double Longitude)
{
    public const double EarthRadiusMetres = GeoPoint.EarthRadiusMetres;

    /// <summary>Null where either is.</summary>
    public static Position? Of(double? latitude, double? longitude) => (latitude, longitude) is ({ } north, { } east) ? new Position(north, east) : null;

    public double MetresTo(Position other) => new GeoPoint(Latitude, Longitude).MetresTo(new GeoPoint(other.Latitude, other.Longitude));
}
