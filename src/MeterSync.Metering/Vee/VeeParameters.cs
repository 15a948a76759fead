using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>A number for each meter type.</summary>
public readonly record struct PerMeterType(decimal Electric, decimal Water, decimal Gas, decimal Heat)
{
    /// <summary>The number of that type.</summary>
    public decimal Of(MeterType type) => type switch
    {
        MeterType.Water => Water,
        MeterType.Gas => Gas,
        MeterType.Heat => Heat,
        _ => Electric,
    };
}

/// <summary>Every threshold of the rules, at its default. Immutable: one instance serves a whole import.</summary>
public sealed record VeeParameters
{
    /// <summary>The defaults that docs/vee-rules.md lists.</summary>
    public static VeeParameters Default { get; } = new();

    /// <summary>VEE-102: how far a reading may be ahead of now, in minutes (inclusive).</summary>
    public int FutureToleranceMinutes { get; init; } = 10;

    /// <summary>VEE-102: how many days old a reading may be (inclusive); imports are exempt.</summary>
    public int StaleAfterDays { get; init; } = 400;

    /// <summary>VEE-104, VEE-111: plausible daily use as a multiple of the 95th percentile of past daily use.</summary>
    public decimal RolloverHistoryFactor { get; init; } = 5m;

    /// <summary>VEE-104, VEE-111: plausible daily use as a multiple of the type median, without a past.</summary>
    public decimal RolloverMedianFactor { get; init; } = 10m;

    /// <summary>VEE-105: multiple of both baselines above which use is high.</summary>
    public decimal HighUseFactor { get; init; } = 2m;

    /// <summary>VEE-105: the multiple while only recent periods are known: heating and gardens swing more within a year than between years.</summary>
    public PerMeterType FirstYearHighUseFactor { get; init; } = new(2m, 2m, 5m, 5m);

    /// <summary>VEE-105: use in the period at or below which nothing is high.</summary>
    public UseFloors Floors { get; init; } = UnitsAndFloors.Floors;

    /// <summary>VEE-105, VEE-106: a shorter period is judged as one of this many days, since an hour's use says little of a day's.</summary>
    public decimal MinimumDays { get; init; } = 1m;

    /// <summary>VEE-106: fraction of the expected use below which use is low.</summary>
    public decimal LowUseFactor { get; init; } = 0.5m;

    /// <summary>VEE-106: expected use of the period, in units, below which low use is not judged.</summary>
    public decimal LowUseMinimumExpected { get; init; } = 5m;

    /// <summary>VEE-108: use (in units) below which twice the same use is no surprise. 0: always flagged.</summary>
    public decimal SameUseMinimum { get; init; }

    /// <summary>VEE-112: distance in metres that is always near enough.</summary>
    public double NearMetres { get; init; } = 100;

    /// <summary>VEE-112: multiple of the position's own accuracy that is near enough.</summary>
    public double AccuracyFactor { get; init; } = 3;

    /// <summary>VEE-112: distance in metres from a surveyed position beyond which the reading is held.</summary>
    public double HoldMetres { get; init; } = 1000;

    /// <summary>VEE-114: estimated cycles in a row that pass without a flag.</summary>
    public int MaximumConsecutiveEstimates { get; init; } = 2;

    /// <summary>VEE-116: days a required photo may take.</summary>
    public int PhotoDays { get; init; } = 7;

    /// <summary>Baselines: periods shorter than this many days together are widened or joined before they are compared with.</summary>
    public int BaselineMinimumDays { get; init; } = 28;

    /// <summary>Baselines: percentage of the period that last year's readings must cover.</summary>
    public int MinimumLastYearCoveragePercent { get; init; } = 50;
}
