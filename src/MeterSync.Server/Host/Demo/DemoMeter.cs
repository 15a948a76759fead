using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>One meter of the demo town with all that was read on it.</summary>
/// <param name="Quarter">Part of the town, used as the location id.</param>
/// <param name="Case">What the meter is there to show, or null for an ordinary one; see <see cref="DemoCase"/>.</param>
/// <param name="Registers">One, or T1 (day) and T2 (night).</param>
/// <param name="Agent">User name of the demo agent whose round it is on.</param>
/// <param name="Readings">Oldest first.</param>
/// <param name="ShownAt">What the registers show after the last visit of the two years, until the end.</param>
internal sealed record DemoMeter(
    string SerialNumber,
    MeterType Type,
    MeterStatus Status,
    string Owner,
    DemoAddress Address,
    string Quarter,
    string? Case,
    IReadOnlyList<DemoRegister> Registers,
    string Agent,
    IReadOnlyList<DemoReading> Readings,
    Func<DateTimeOffset, IReadOnlyList<decimal>> ShownAt);

/// <summary>A house in the demo town. Positions lie along the street, to some ten metres.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record DemoAddress(string Street, int Number, double Latitude, double Longitude)
{
    public string Line => $"{Street} {Number}, {DemoTown.PostalTown}";
}

/// <param name="Digits">Whole-number drums.</param>
/// <param name="Decimals">Decimal drums.</param>
/// <param name="Multiplier">Use per step: 1, or the ratio of the current transformers.</param>
internal sealed record DemoRegister(string Label, string Unit, int Digits, int Decimals, decimal Multiplier = 1m)
{
    /// <summary>What the register shows after so much use in all, in <see cref="Unit"/>: drums turn over, the last drum is read as it stands.</summary>
    public decimal Show(double total)
    {
        var shown = (decimal)total / Multiplier % Range;
        return decimal.Round(shown, Decimals, MidpointRounding.ToZero);
    }

    /// <summary>The first value it cannot show any more.</summary>
    public decimal Range => (decimal)Math.Pow(10, Digits);
}

/// <param name="Agent">User name of the demo agent who read it; null where nobody of ours did.</param>
/// <param name="Values">One per register, before the multiplier.</param>
internal sealed record DemoReading(DateTimeOffset At, ReadingSource Source, string? Agent, IReadOnlyList<decimal> Values, string? Notes);
