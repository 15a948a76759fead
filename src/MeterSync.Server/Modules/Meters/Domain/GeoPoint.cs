namespace MeterSync.Modules.Meters.Domain;

/// <summary>A place on the Earth, taken as a sphere: the same one PostGIS uses where it is asked not to use the spheroid.</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
internal readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>Mean radius of the WGS 84 ellipsoid, (2a + b) / 3.</summary>
    public const double EarthRadiusMetres = ((2 * 6378137d) + 6356752.314245179) / 3;

    /// <summary>Half the way round, rounded up: nothing is further away.</summary>
    public const double FurthestMetres = 20_015_115;

    /// <summary>Great-circle distance by the haversine formula, which stays exact for points close together.</summary>
    public double MetresTo(GeoPoint other)
    {
        var (latitude, otherLatitude) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var sinLatitude = Math.Sin((otherLatitude - latitude) / 2);
        var sinLongitude = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var haversine = (sinLatitude * sinLatitude) + (Math.Cos(latitude) * Math.Cos(otherLatitude) * sinLongitude * sinLongitude);
        // Rounding can lift the haversine of two antipodes above one.
        return 2 * EarthRadiusMetres * Math.Asin(Math.Sqrt(Math.Min(1, haversine)));
    }
}

/// <summary>A range of latitudes and longitudes, bounds inclusive; never crosses the antimeridian.</summary>
internal readonly record struct GeoBox(double South, double North, double West, double East)
{
    // Wider than any rounding of the trigonometry, narrower than anything to notice: a tenth of a millimetre.
    private const double MarginDegrees = 1e-9;

    /// <summary>One box, or two where the circle crosses the antimeridian, that hold every point within the radius.</summary>
    public static IReadOnlyList<GeoBox> Around(GeoPoint centre, double radiusMetres)
    {
        var reach = (radiusMetres / GeoPoint.EarthRadiusMetres) + double.DegreesToRadians(MarginDegrees);
        var south = centre.Latitude - double.RadiansToDegrees(reach);
        var north = centre.Latitude + double.RadiansToDegrees(reach);
        if (south <= -90 || north >= 90)
        {
            // The circle holds a pole, and with it every longitude.
            return [new GeoBox(Math.Max(south, -90), Math.Min(north, 90), -180, 180)];
        }

        var spread = double.RadiansToDegrees(Math.Asin(Math.Min(1, Math.Sin(reach) / Math.Cos(double.DegreesToRadians(centre.Latitude))))) + MarginDegrees;
        return Cut(south, north, centre.Longitude - spread, centre.Longitude + spread);
    }

    /// <summary>As <see cref="Around"/>, of everything between the bounds, a little wider.</summary>
    /// <param name="south">Degrees north.</param>
    /// <param name="north">Degrees north.</param>
    /// <param name="west">Degrees east, -180 to 180.</param>
    /// <param name="east">Less than 360 more than the west: above 180 the range crosses the antimeridian.</param>
    public static IReadOnlyList<GeoBox> Between(double south, double north, double west, double east) =>
        Cut(south - MarginDegrees, north + MarginDegrees, west - MarginDegrees, east + MarginDegrees);

    private static IReadOnlyList<GeoBox> Cut(double south, double north, double west, double east) =>
        west <= -180 ? [new GeoBox(south, north, -180, east), new GeoBox(south, north, Math.Min(west + 360, 180), 180)]
        : east >= 180 ? [new GeoBox(south, north, west, 180), new GeoBox(south, north, -180, Math.Max(east - 360, -180))]
        : [new GeoBox(south, north, west, east)];
}
