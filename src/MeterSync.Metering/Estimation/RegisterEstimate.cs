namespace MeterSync.Metering.Estimation;

/// <summary>How an estimate was made, in the order they are tried.</summary>
public enum EstimationMethod
{
    /// <summary>Use per day of the same days a year before, times the trend since.</summary>
    SamePeriodLastYear,

    /// <summary>On the straight line between the actual values around it.</summary>
    Linear,

    /// <summary>On from the value before, at the use per day of the last periods.</summary>
    RecentPeriods,

    /// <summary>At the median use per day of the meters of this type in the same region.</summary>
    RegionMedian,

    /// <summary>At the median use per day of all meters of this type.</summary>
    TypeMedian,
}

/// <summary>One number an estimate was made of.</summary>
/// <param name="Name">Name in snake_case, unit included, e.g. <c>last_year_use_per_day</c>.</param>
/// <param name="Value">The number.</param>
public readonly record struct EstimationInput(string Name, decimal Value);

/// <summary>A register value nobody read. Replaced, not deleted, when truth arrives.</summary>
/// <param name="Value">Register value at <paramref name="At"/>, rounded down to the register's decimals; after rollover where it passes 10^digits.</param>
/// <param name="At">Instant of the estimate.</param>
/// <param name="Consumption">Use since the value it starts from, as the rounded value says, in the register's unit.</param>
/// <param name="Method">How it was made.</param>
/// <param name="Inputs">The numbers used.</param>
/// <param name="Explanation">The same in plain words.</param>
public sealed record RegisterEstimate(
    decimal Value, DateTimeOffset At, decimal Consumption, EstimationMethod Method, IReadOnlyList<EstimationInput> Inputs, string Explanation);
