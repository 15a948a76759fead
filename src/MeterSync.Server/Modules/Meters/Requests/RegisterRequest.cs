using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>A register as a caller describes it. It remembers which fields were given, so that a change leaves the others alone.</summary>
internal sealed class RegisterRequest
{
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>What the display calls it: total, T1, 1.8.0.</summary>
    [PlainText(RegisterLimits.LabelLength)]
    public string? Label { get; set => field = Take(value); }

    /// <summary>kwh, kvah, kvarh, kw_max, kva_max, m3, gj ...; by the meter's type where left out.</summary>
    [StringLength(20), RegularExpression("^[A-Za-z0-9_]+$", ErrorMessage = "A quantity has letters, digits and underscores, such as kwh or m3.")]
    public string? Quantity { get; set => field = Take(value); }

    [PlainText(20)]
    public string? Unit { get; set => field = Take(value); }

    /// <summary>Whole-number drums.</summary>
    [Range(1, RegisterLimits.MaximumDigits)]
    public int? Digits { get; set => field = Take(value); }

    /// <summary>Decimal drums.</summary>
    [Range(0, RegisterLimits.MaximumDecimals)]
    public int? Decimals { get; set => field = Take(value); }

    /// <summary>CT ratio x PT ratio x constant.</summary>
    [Range(0.000001d, RegisterLimits.MaximumMultiplier), SixDecimals]
    public decimal? Multiplier { get; set => field = Take(value); }

    [TermOf(typeof(RegisterKind))]
    public string? Kind { get; set => field = Take(value); }

    [TermOf(typeof(FlowDirection))]
    public string? Direction { get; set => field = Take(value); }

    [PlainText(30)]
    public string? ObisCode { get; set => field = Take(value); }

    public bool? RunsBackwards { get; set => field = Take(value); }

    /// <summary>The most the supply can deliver, units a day after the multiplier.</summary>
    [Range(0.000001d, 1e9), SixDecimals]
    public decimal? MaximumUsePerDay { get; set => field = Take(value); }

    /// <summary>Only when a register is changed: the instant from which the change holds, inclusive. Without it the last configuration is corrected.</summary>
    public DateTimeOffset? EffectiveFrom { get; set => field = Take(value); }

    public bool Gives(string name) => given.Contains(name);

    private T Take<T>(T value, [CallerMemberName] string name = "")
    {
        given.Add(name);
        return value;
    }
}

/// <summary>What a register can be configured to.</summary>
internal static class RegisterLimits
{
    public const int MaximumRegisters = 50;

    public const int LabelLength = 50;

    /// <summary>Values are kept with at most twelve digits before the point.</summary>
    public const int MaximumDigits = 12;

    public const int MaximumDecimals = 6;

    public const double MaximumMultiplier = 1_000_000;
}
