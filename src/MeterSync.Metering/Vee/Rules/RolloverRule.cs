namespace MeterSync.Metering.Vee.Rules;

/// <summary>The register passed its highest value and began again at zero.</summary>
public sealed class RolloverRule : VeeRule
{
    public const string RuleId = "VEE-104";

    public override string Id => RuleId;

    public override string Name => "rollover";

    public override string Meaning => "The value is lower than the one before it because the register passed its highest value, at a plausible daily use.";

    public override string DefaultParameters => "5 x the 95th percentile of past daily use, or the rated maximum; without a past 10 x the type median; else never";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment)
    {
        var use = assessment.Use;
        var register = assessment.Check.Register;
        return use.Move is CounterMove.RolledOver
            ? Flag($"The register passed its highest value: from {Words.Number(use.From.Value)} to {Words.Number(assessment.Check.Value)} with {Words.Number(register.Digits ?? 0)} digits is {Words.Use(use.Consumption, register)} in {Words.Days(use.Days)} days, below the plausible {Words.Rate(assessment.MaximumUsePerDay ?? 0m)} a day.")
            : null;
    }
}
