using System.Globalization;
using System.Text.Json.Serialization;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Public;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>What is known of a visit.</summary>
/// <param name="Meter">Where the meter is; null where nobody knows.</param>
/// <param name="Device">Where the device says it was.</param>
/// <param name="Before">The meter the same agent read before, and when; null for the first of a day.</param>
internal sealed record VisitEvidence(Position? Meter, Position? Device, double? AccuracyMetres, int? DwellSeconds, bool IsMocked, DateTimeOffset At, (Position At, DateTimeOffset When)? Before);

/// <param name="Code">no_position, far_from_meter, mock_location, too_fast or too_short; photo_elsewhere, photo_old or photo_reused.</param>
/// <param name="Points">What it takes away; negative.</param>
internal sealed record VisitReason(string Code, int Points, string Message);

internal sealed record VisitProof(int Score, double? DistanceMetres, double? SpeedKmh, IReadOnlyList<VisitReason> Reasons);

/// <summary>How well a reading shows that somebody stood before the meter: 100 where nothing speaks against it. It is shown to people and changes nothing by itself.</summary>
internal static class ProofOfVisit
{
    /// <summary>Within this nobody asks.</summary>
    private const double NearMetres = 100;
    private const double FarMetres = 1_000;

    /// <summary>On foot with a bicycle or a car between streets: more than this from door to door is not done in the time a reading takes.</summary>
    private const double FastKmh = 60;
    private const double JitterMetres = 30;
    private const int ShortestSeconds = 5;
    private const string OfPhotos = "photo_";
    private static readonly TimeSpan SameHour = TimeSpan.FromHours(1);

    public static VisitProof Of(VisitEvidence evidence)
    {
        var reasons = new List<VisitReason>();
        double? distance = evidence is { Meter: { } meter, Device: { } device } ? Math.Round(meter.MetresTo(device), 1) : null;
        if (evidence.Device is null)
        {
            reasons.Add(new VisitReason("no_position", -30, "The device gave no position."));
        }

        if (evidence.IsMocked)
        {
            reasons.Add(new VisitReason("mock_location", -60, "The device says its position was made up."));
        }

        if (distance is { } metres && metres > Math.Max(NearMetres, 3 * (evidence.AccuracyMetres ?? 0)))
        {
            reasons.Add(new VisitReason("far_from_meter", metres > FarMetres ? -60 : -30, $"The device was {metres:0} m from the meter."));
        }

        var speed = SpeedOf(evidence);
        if (speed > FastKmh)
        {
            reasons.Add(new VisitReason("too_fast", -40, $"From the meter read before to this one it would have been {speed:0} km/h."));
        }

        if (evidence.DwellSeconds is { } seconds && seconds < ShortestSeconds)
        {
            reasons.Add(new VisitReason("too_short", -20, $"The device was near the meter for {seconds} s."));
        }

        return new VisitProof(Math.Clamp(100 + reasons.Sum(reason => reason.Points), 0, 100), distance, speed, reasons);
    }

    /// <summary>The reasons of the visit itself with those of its photos, of each kind the one that says most.</summary>
    /// <param name="reasons">As they stand; those of photos are found anew.</param>
    /// <param name="meter">Where the meter is; null where nobody knows.</param>
    /// <param name="at">When it was read.</param>
    /// <param name="photos">All that are here.</param>
    public static (int Score, IReadOnlyList<VisitReason> Reasons) WithPhotos(IReadOnlyList<VisitReason> reasons, Position? meter, DateTimeOffset at, IReadOnlyList<VisitPhoto> photos)
    {
        List<VisitReason> all = [.. reasons.Where(reason => !reason.Code.StartsWith(OfPhotos, StringComparison.Ordinal))];
        if (meter is { } place && photos.Max(photo => photo.Position?.MetresTo(place)) is { } metres && metres > NearMetres)
        {
            all.Add(new VisitReason("photo_elsewhere", -40, $"A photo says it was taken {metres:0} m from the meter."));
        }

        if (photos.Max(photo => (photo.TakenAt - at)?.Duration()) is { } apart && apart > SameHour)
        {
            all.Add(new VisitReason("photo_old", -40, string.Create(CultureInfo.InvariantCulture, $"A photo says it was taken {(apart.TotalHours < 48 ? $"{apart.TotalHours:0.0} hours" : $"{apart.TotalDays:0} days")} {(photos.Any(photo => photo.TakenAt < at && at - photo.TakenAt == apart) ? "before" : "after")} the reading.")));
        }

        if (photos.Any(photo => photo.IsReused))
        {
            all.Add(new VisitReason("photo_reused", -30, "A photo was used for another reading before."));
        }

        return (Math.Clamp(100 + all.Sum(reason => reason.Points), 0, 100), all);
    }

    /// <summary>Between the meters themselves where their places are known, so that a made-up device position does not hide it.</summary>
    private static double? SpeedOf(VisitEvidence evidence)
    {
        if (evidence.Before is not { } before || (evidence.Meter ?? evidence.Device) is not { } here || evidence.At < before.When)
        {
            return null;
        }

        var metres = Math.Max(0, before.At.MetresTo(here) - JitterMetres);
        return Math.Round(metres / Math.Max(1, (evidence.At - before.When).TotalSeconds) * 3.6, 1);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<VisitReason>))]
internal sealed partial class StoredVisitJson : JsonSerializerContext;
