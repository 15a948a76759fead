using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>Where a reading was taken. Degrees WGS 84; accuracy is the radius in metres that the device states.</summary>
public readonly record struct ReadingPosition(double Latitude, double Longitude, double AccuracyMetres);

/// <summary>Where the service point is. Degrees WGS 84.</summary>
public readonly record struct ServicePosition(double Latitude, double Longitude, PositionProvenance Provenance);

/// <summary>Another visit that read the same register in the same cycle.</summary>
/// <param name="Value">Register value, not multiplied.</param>
/// <param name="At">Instant of that visit.</param>
/// <param name="By">Agent or device that read it.</param>
public readonly record struct OtherVisit(decimal Value, DateTimeOffset At, string By);

/// <summary>Everything the rules need to judge one value of one register. Any value of any property is allowed; nonsense is held, never thrown.</summary>
public sealed record RegisterCheck
{
    public required MeterType MeterType { get; init; }

    public MeterStatus MeterStatus { get; init; } = MeterStatus.Active;

    /// <summary>Configuration of the day of <see cref="ReadingAt"/>.</summary>
    public required RegisterConfiguration Register { get; init; }

    /// <summary>Register value as read, not multiplied.</summary>
    public required decimal Value { get; init; }

    public required DateTimeOffset ReadingAt { get; init; }

    /// <summary>The server's now; only VEE-102 looks at it.</summary>
    public required DateTimeOffset Now { get; init; }

    public ReadingSource Source { get; init; } = ReadingSource.Manual;

    /// <summary>Latest accepted value at or before <see cref="ReadingAt"/>; null for the first one. Later values are ignored here.</summary>
    public PriorValue? Previous { get; init; }

    /// <summary>Latest accepted value that was really read, when <see cref="Previous"/> is an estimate. Null: none, or not needed.</summary>
    public PriorValue? LastActual { get; init; }

    /// <summary>Earliest accepted value after <see cref="ReadingAt"/>: the reading is late. Null for the newest one.</summary>
    public PriorValue? Next { get; init; }

    /// <summary>Accepted periods up to <see cref="Previous"/>, oldest first, not overlapping.</summary>
    public IReadOnlyList<PeriodUse> History { get; init; } = [];

    /// <summary>Median daily use of meters of this type and region, in the register's unit. Null: unknown.</summary>
    public decimal? TypeMedianUsePerDay { get; init; }

    /// <summary>The agent typed the value twice and both agreed.</summary>
    public bool DoubleEntered { get; init; }

    public ReadingPosition? Position { get; init; }

    public ServicePosition? ServicePoint { get; init; }

    /// <summary>Estimated cycles in a row directly before this value.</summary>
    public int ConsecutiveEstimates { get; init; }

    /// <summary>Whole days since a reading came whose meter needs a photo and of which none is here. Null: it needs none, has one, or is only just coming in.</summary>
    public int? DaysWithoutPhoto { get; init; }

    /// <summary>Agent or device that read the value. Null: unknown (an import).</summary>
    public string? ReadBy { get; init; }

    /// <summary>Accepted readings of the same register in the same cycle; those by <see cref="ReadBy"/> itself do not count.</summary>
    public IReadOnlyList<OtherVisit> OtherVisits { get; init; } = [];
}
