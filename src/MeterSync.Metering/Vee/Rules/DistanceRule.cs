namespace MeterSync.Metering.Vee.Rules;

/// <summary>Read from the car or the couch, or the master data has the wrong place.</summary>
public sealed class DistanceRule : VeeRule
{
    public const string RuleId = "VEE-112";

    public override string Id => RuleId;

    public override string Name => "far from meter";

    public override string Meaning => "The reading was taken farther from the service point than 100 m and 3 times the position's accuracy; held beyond 1 km of a surveyed position.";

    public override string DefaultParameters => "max(100 m, 3 x accuracy); 1 km from a surveyed position: held";

    public override RuleEffect Effect => RuleEffect.FlagOrHold;

    private const double EarthRadiusMetres = 6_371_008.8;

    public override Finding? Check(Assessment assessment)
    {
        if (assessment.Check.Position is not ReadingPosition here || assessment.Check.ServicePoint is not ServicePosition there)
        {
            return null;
        }

        var parameters = assessment.Parameters;
        var distance = MetresBetween(here.Latitude, here.Longitude, there.Latitude, there.Longitude);
        var limit = Math.Max(parameters.NearMetres, parameters.AccuracyFactor * here.AccuracyMetres);

        // Unknown coordinates or accuracy (NaN) compare false: nothing is said about what is not known.
        if (!(distance > limit))
        {
            return null;
        }

        var provenance = there.Provenance switch
        {
            PositionProvenance.Surveyed => "surveyed",
            PositionProvenance.Geocoded => "geocoded",
            _ => "unverified",
        };
        var sentence = $"Read {Words.Metres(distance)} m from the {provenance} position of the service point; {Words.Metres(limit)} m are allowed at an accuracy of {Words.Metres(here.AccuracyMetres)} m.";
        return there.Provenance is PositionProvenance.Surveyed && distance > parameters.HoldMetres
            ? Hold(sentence)
            : Flag(sentence);
    }

    /// <summary>Great-circle distance in metres (haversine, mean earth radius of IUGG).</summary>
    internal static double MetresBetween(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var (phi1, phi2) = (double.DegreesToRadians(latitude1), double.DegreesToRadians(latitude2));
        var sinLatitude = Math.Sin((phi2 - phi1) / 2);
        var sinLongitude = Math.Sin(double.DegreesToRadians(longitude2 - longitude1) / 2);
        var a = (sinLatitude * sinLatitude) + (Math.Cos(phi1) * Math.Cos(phi2) * sinLongitude * sinLongitude);
        return 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }
}
