using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;

namespace MeterSync.Metering.Estimation;

/// <summary>What an estimate is made from.</summary>
public sealed record EstimateRequest
{
    /// <summary>Configuration of the day of <see cref="At"/>; cumulative.</summary>
    public required RegisterConfiguration Register { get; init; }

    /// <summary>Instant to estimate, at or after <see cref="From"/>.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Latest accepted value before; the estimate starts from it.</summary>
    public required PriorValue From { get; init; }

    /// <summary>Earliest actual value after; the estimate never passes it. One below <see cref="From"/> is taken for a rollover only where
    /// <see cref="History"/> or the rated maximum makes its use believable. Null for the newest.</summary>
    public PriorValue? Next { get; init; }

    /// <summary>The rules saw negative use (VEE-103) when they judged <see cref="Next"/>, and a person let it pass: below <see cref="From"/> it is no rollover, whatever is believable.</summary>
    public bool NextIsNegative { get; init; }

    /// <summary>Accepted periods up to <see cref="From"/>, oldest first.</summary>
    public IReadOnlyList<PeriodUse> History { get; init; } = [];

    /// <summary>Median daily use of the type in the meter's region, in the register's unit; null unknown. It comes before <see cref="TypeMedianUsePerDay"/>.</summary>
    public decimal? RegionMedianUsePerDay { get; init; }

    /// <summary>Median daily use of the type, in the register's unit; null unknown.</summary>
    public decimal? TypeMedianUsePerDay { get; init; }

    public VeeParameters Parameters { get; init; } = VeeParameters.Default;
}
