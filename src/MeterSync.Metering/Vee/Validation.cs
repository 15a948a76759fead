using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee.Rules;

namespace MeterSync.Metering.Vee;

/// <summary>Runs every rule over one value. Pure: the same check gives the same verdict, word for word.</summary>
public static class Validation
{
    /// <summary>Judges one value with the default thresholds. Never throws.</summary>
    public static RegisterVerdict Run(RegisterCheck check) => Run(check, VeeParameters.Default);

    /// <summary>Judges one value. Never throws: numbers that a decimal cannot compute with are held under VEE-101.</summary>
    public static RegisterVerdict Run(RegisterCheck check, VeeParameters parameters)
    {
        try
        {
            return Judge(new Assessment(check, parameters));
        }
        catch (OverflowException)
        {
            return TooLarge(check);
        }
    }

    private static RegisterVerdict Judge(Assessment assessment)
    {
        List<Finding>? findings = null;
        var held = false;
        foreach (var rule in VeeRules.Span)
        {
            if (rule.Check(assessment) is Finding finding)
            {
                (findings ??= []).Add(finding);
                held |= finding.Effect is FindingEffect.Hold;
            }
        }

        var use = assessment.Use;
        var counted = use.Move is not (CounterMove.None or CounterMove.Uncomputable);
        return new RegisterVerdict(
            held ? ReadingState.Held : ReadingState.Accepted,
            held ? Quality.Suspect : assessment.Check.Source is ReadingSource.Estimate ? Quality.Estimated : Quality.Valid,
            findings ?? (IReadOnlyList<Finding>)[],
            counted ? use.Consumption : null,
            use.Move is not CounterMove.None ? use.Days : null,
            counted ? Consumption.PerDay(use.Consumption, use.Days) : null,
            use.Move is CounterMove.RolledOver,
            use.VoidsEstimate,
            ContradictsNextEstimate(assessment),
            use.Move is not CounterMove.None ? use.From.At : null,
            ExpectedLimits.ExpectedOf(assessment));
    }

    private static bool ContradictsNextEstimate(Assessment assessment) =>
        assessment is { IsCumulative: true, Next: { IsEstimate: true } next }
        && CounterUse.Between(assessment, new PriorValue(assessment.Check.Value, assessment.Check.ReadingAt), next.Value, next.At).Move is CounterMove.Negative;

    private static RegisterVerdict TooLarge(RegisterCheck check)
    {
        var finding = new Finding(DigitsRule.RuleId, FindingEffect.Hold, $"The value {Words.Number(check.Value)} or what it is compared with is too large to compute with.");
        return new RegisterVerdict(ReadingState.Held, Quality.Suspect, [finding], null, null, null, false, false, false, null, null);
    }
}
