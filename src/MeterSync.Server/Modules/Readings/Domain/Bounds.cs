using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Metering.Vee.Rules;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>What the store can hold of a register value or of use: 12 digits before the point, 6 behind.</summary>
internal static class Bounds
{
    /// <summary>Exclusive.</summary>
    public const decimal Limit = 1_000_000_000_000m;

    public const int Decimals = 6;

    public static bool CanHold(decimal value) => Math.Abs(value) < Limit && Math.Round(value, Decimals) == value;

    /// <summary>The verdict with its use rounded (half-even) as it is stored; use beyond the limit holds the value, since nothing can be billed by it.</summary>
    public static RegisterVerdict Storable(RegisterVerdict verdict)
    {
        if (verdict.Consumption is not decimal use)
        {
            return verdict.Days is { } period && period >= Limit ? verdict with { Days = null } : verdict;
        }

        if (Math.Abs(use) >= Limit)
        {
            var finding = new Finding(DigitsRule.RuleId, FindingEffect.Hold, "The use since the previous reading is too large to be kept; the multiplier or the value is wrong.");
            return verdict with { State = ReadingState.Held, Quality = Quality.Suspect, Findings = [finding, .. verdict.Findings.Where(other => other.RuleId != DigitsRule.RuleId)], Consumption = null, AverageDailyUse = null };
        }

        var rounded = Math.Round(use, Decimals);
        return rounded == use ? verdict : verdict with { Consumption = rounded };
    }
}
