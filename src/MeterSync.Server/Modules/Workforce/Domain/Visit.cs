using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>How well a reading shows that somebody stood before the meter. It never changes what becomes of the reading.</summary>
internal sealed class Visit
{
    public ReadingId ReadingId { get; set; }

    public UserId AgentId { get; set; }

    public MeterId MeterId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>0 (nothing speaks for it) to 100.</summary>
    public int Score { get; set; }

    /// <summary>From the meter's position; null where one of the two is unknown.</summary>
    public double? DistanceMetres { get; set; }

    /// <summary>Between the meter read before and this one; null without two positions.</summary>
    public double? SpeedKmh { get; set; }

    public int? DwellSeconds { get; set; }

    /// <summary>The device says its position was made up.</summary>
    public bool IsMocked { get; set; }

    /// <summary>JSON array of reasons: code, points, message.</summary>
    public string Reasons { get; set; } = "[]";
}
