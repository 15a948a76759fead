namespace MeterSync.Metering.Vee.Rules;

/// <summary>Far less use than expected: a slow meter, a vacancy, or a digit misread. No use at all is VEE-107.</summary>
public sealed class LowUseRule : VeeRule
{
    public const string RuleId = "VEE-106";

    public override string Id => RuleId;

    public override string Name => "low use";

    public override string Meaning => "Average daily use is below half of what is expected and not zero, and at least 5 units were expected.";

    public override string DefaultParameters => "50% of expected, and at least 5 units expected";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment)
    {
        var judged = assessment.Judged;
        if (!judged.IsKnown || assessment.LowUse is not decimal limit || judged.Consumption >= limit || judged.Consumption == 0m)
        {
            return null;
        }

        var register = assessment.Check.Register;
        var expected = assessment.Baselines.Expected ?? 0m;
        return Flag($"Use of {Words.Use(judged.Consumption, register)} in {Words.Days(judged.Days)} days; expected {Words.Rate(expected)} {register.Unit} a day, {Words.Rate(expected * assessment.JudgedDays)} in all. Less than {Words.Number(assessment.Parameters.LowUseFactor * 100m)}% of that.");
    }
}
