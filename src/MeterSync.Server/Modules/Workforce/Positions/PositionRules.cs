using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.Positions;

/// <summary>Where an agent said to be.</summary>
internal sealed record ReportedPosition(DateTimeOffset At, Position Place, double? AccuracyMetres)
{
    /// <summary>Where the agent was last; null where nothing is known.</summary>
    public static ReportedPosition? Of(Agent agent) =>
        agent is { PositionAt: { } at, Latitude: { } latitude, Longitude: { } longitude } ? new ReportedPosition(at, new Position(latitude, longitude), agent.AccuracyMetres) : null;
}

/// <summary>What becomes of a position.</summary>
internal enum PositionFate
{
    /// <summary>A point of the track.</summary>
    Kept,

    /// <summary>Too near to the point before it: it only says where the agent is.</summary>
    Thinned,

    /// <summary>Something newer is known.</summary>
    Late,
}

/// <summary>How far an agent is, as positions come in.</summary>
internal sealed class Walk
{
    public ReportedPosition? Last { get; set; }

    /// <summary>The last point of the track.</summary>
    public ReportedPosition? Kept { get; set; }

    /// <summary>The one that was refused last.</summary>
    public ReportedPosition? Doubted { get; set; }
}

/// <summary>Which positions are believed, and which are kept.</summary>
internal sealed class PositionRules(WorkingHours hours, IOptions<WorkforceOptions> options)
{
    /// <summary>Nobody goes faster on the ground.</summary>
    public const double FastestKmh = 250;

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(2);
    private const double JitterMetres = 100;

    public static Problem? RefuseFuture(ReportedPosition reported, DateTimeOffset now) =>
        reported.At > now + Ahead ? WorkforceProblems.PositionInFuture.For("timestamp", $"The position is of {reported.At:yyyy-MM-dd HH:mm:ss} UTC, which is later than now.") : null;

    /// <summary>Outside of them nothing is kept.</summary>
    public bool AreHours(ReportedPosition reported) => hours.Contain(reported.At);

    /// <summary>Positions before it are deleted.</summary>
    public DateTimeOffset KeptSince(DateTimeOffset now) => now.AddDays(-options.Value.PositionsKeptDays);

    /// <summary>Takes the walk on, unless the position is refused or late.</summary>
    public Outcome<PositionFate> Judge(Walk walk, ReportedPosition reported)
    {
        if (walk.Last is { } last)
        {
            if (reported.At <= last.At)
            {
                return PositionFate.Late;
            }

            if (SpeedKmh(last, reported) > FastestKmh && (walk.Doubted is not { } doubted || reported.At <= doubted.At || SpeedKmh(doubted, reported) > FastestKmh))
            {
                // Two that agree with each other are believed: then the first one was wrong.
                walk.Doubted = reported;
                return WorkforceProblems.PositionTooFast.For("location", $"That would be {SpeedKmh(last, reported):0} km/h since the position before.");
            }
        }

        (walk.Doubted, walk.Last) = (null, reported);
        if (walk.Kept is { } kept && reported.At - kept.At < TimeSpan.FromSeconds(options.Value.TrackSeconds) && kept.Place.MetresTo(reported.Place) < options.Value.TrackMetres)
        {
            return PositionFate.Thinned;
        }

        walk.Kept = reported;
        return PositionFate.Kept;
    }

    /// <summary>What the accuracies leave open does not count as way.</summary>
    private static double SpeedKmh(ReportedPosition from, ReportedPosition to)
    {
        var metres = Math.Max(0, from.Place.MetresTo(to.Place) - JitterMetres - (from.AccuracyMetres ?? 0) - (to.AccuracyMetres ?? 0));
        return metres / Math.Max(1, (to.At - from.At).TotalSeconds) * 3.6;
    }
}
