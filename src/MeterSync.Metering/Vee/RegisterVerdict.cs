using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>What a finding does: a flag is shown and counted, a hold stops the value until a person decides.</summary>
public enum FindingEffect
{
    Flag,
    Hold,
}

/// <summary>One rule that failed.</summary>
/// <param name="RuleId">Id of the rule, e.g. <c>VEE-105</c>; see <see cref="VeeRules"/>.</param>
/// <param name="Effect">Flag or hold.</param>
/// <param name="Message">Plain words with numbers and units, the same text on every machine and in every culture.</param>
public sealed record Finding(string RuleId, FindingEffect Effect, string Message);

/// <summary>Use that was to be expected, and the register values that would pass without question at the instant of the reading.</summary>
/// <param name="AverageDailyUse">Expected use per day in the register's unit.</param>
/// <param name="Method">Where it comes from.</param>
/// <param name="SamePeriodLastYear">Baseline, null when unknown.</param>
/// <param name="RecentPeriods">Baseline, null when unknown.</param>
/// <param name="LowValue">Register values below are low use (VEE-106). Null without a value to count from.</param>
/// <param name="HighValue">Register values above are high use (VEE-105); at or above 10^digits it stands for a value after rollover. Null when use cannot be judged.</param>
public readonly record struct ExpectedUse(
    decimal AverageDailyUse,
    ExpectedUseMethod Method,
    decimal? SamePeriodLastYear,
    decimal? RecentPeriods,
    decimal? LowValue,
    decimal? HighValue);

/// <summary>The outcome of all rules for one value.</summary>
/// <param name="State"><see cref="ReadingState.Held"/> when any finding holds, else <see cref="ReadingState.Accepted"/>.</param>
/// <param name="Quality">Suspect when held, else Estimated for an estimate, else Valid.</param>
/// <param name="Findings">In order of rule id; empty when nothing failed.</param>
/// <param name="Consumption">Use since <see cref="UseSince"/>, in the register's unit, multiplied. Null when the register is not cumulative, there is nothing to count from, or it cannot be computed.</param>
/// <param name="Days">Days since <see cref="UseSince"/>, two decimals.</param>
/// <param name="AverageDailyUse">Use per day, six decimals. Null also when the two readings share an instant.</param>
/// <param name="RolledOver">The register passed its highest value on the way.</param>
/// <param name="VoidsEstimate">The estimate(s) after the last actual value were wrong: void and re-estimate them. Use is counted from the last actual value.</param>
/// <param name="VoidsNextEstimate">The next value is an estimate that this late reading contradicts.</param>
/// <param name="UseSince">Instant the use is counted from. Null when there is none.</param>
/// <param name="Expected">Null when nothing is known to expect.</param>
public sealed record RegisterVerdict(
    ReadingState State,
    Quality Quality,
    IReadOnlyList<Finding> Findings,
    decimal? Consumption,
    decimal? Days,
    decimal? AverageDailyUse,
    bool RolledOver,
    bool VoidsEstimate,
    bool VoidsNextEstimate,
    DateTimeOffset? UseSince,
    ExpectedUse? Expected);
