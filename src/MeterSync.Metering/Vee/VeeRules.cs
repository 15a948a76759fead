using MeterSync.Metering.Vee.Rules;

namespace MeterSync.Metering.Vee;

/// <summary>The rules that judge one value of one register, in order of id. docs/vee-rules.md lists the same (a test compares them).</summary>
public static class VeeRules
{
    private static readonly VeeRule[] Ordered =
    [
        new DigitsRule(),
        new TimeRule(),
        new NegativeUseRule(),
        new RolloverRule(),
        new HighUseRule(),
        new LowUseRule(),
        new ZeroUseRule(),
        new SameValueRule(),
        new UseOnInactiveRule(),
        new OrderRule(),
        new CheckReadRule(),
        new DistanceRule(),
        new ConsecutiveEstimatesRule(),
        new EvidenceRule(),
    ];

    /// <summary>Every rule with its id, name, meaning, default parameters and effect.</summary>
    public static IReadOnlyList<VeeRule> All => Ordered;

    internal static ReadOnlySpan<VeeRule> Span => Ordered;
}
