namespace MeterSync.Metering.Registers;

/// <summary>What a register counts and how to turn two of its values into use. Effective-dated: a value is computed with the
/// configuration of its own day (see <see cref="EffectiveConfiguration"/>). Nothing is refused here; a configuration that makes no
/// sense (multiplier not above zero, more than 28 digits) holds the readings taken with it under VEE-101.</summary>
public sealed record RegisterConfiguration
{
    /// <summary>Running total, highest demand, or value at the instant. VEE-103 to VEE-108 judge running totals only.</summary>
    public RegisterKind Kind { get; init; } = RegisterKind.Cumulative;

    /// <summary>Quantity code in lower case: <c>kwh</c>, <c>kvarh</c>, <c>kvah</c>, <c>m3</c>, <c>gj</c>, <c>kw_max</c> ...</summary>
    public required string Quantity { get; init; }

    /// <summary>Unit as people write it (kWh, m3, GJ); used in messages and to find the high-use floor.</summary>
    public required string Unit { get; init; }

    /// <summary>Integer drums or digits, 0 to 28; the register rolls over at 10^Digits. Null: unknown, VEE-101 and rollover do not apply.</summary>
    public int? Digits { get; init; }

    /// <summary>Digits after the point, 0 to 28. Null: unknown.</summary>
    public int? Decimals { get; init; }

    /// <summary>Use per register step: CT ratio x PT ratio x constant. Above zero.</summary>
    public decimal Multiplier { get; init; } = 1m;

    /// <summary>Flow the register counts, seen from the consumer.</summary>
    public FlowDirection Direction { get; init; } = FlowDirection.Import;

    /// <summary>True when the register may legitimately count down (a disc meter with generation behind it).</summary>
    public bool RunsBackwards { get; init; }

    /// <summary>Rated highest use per day in <see cref="Unit"/> (already multiplied). Null: unknown.</summary>
    public decimal? MaximumUsePerDay { get; init; }

    /// <summary>Use that one step of the last digit stands for, in <see cref="Unit"/>; one whole unit where decimals are unknown.</summary>
    /// <exception cref="OverflowException">The multiplier is beyond what a decimal can scale.</exception>
    internal decimal Step => Decimals is int d and > 0 and <= 28 ? new decimal(1, 0, 0, false, (byte)d) * Multiplier : Multiplier;
}
