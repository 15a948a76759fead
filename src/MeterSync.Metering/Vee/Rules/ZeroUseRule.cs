namespace MeterSync.Metering.Vee.Rules;

/// <summary>The counter stands still: a stuck meter, a bypass, or a vacancy.</summary>
public sealed class ZeroUseRule : VeeRule
{
    public const string RuleId = "VEE-107";

    public override string Id => RuleId;

    public override string Name => "zero use";

    public override string Meaning => "No use at all on an active meter that was expected to show at least one step of its last digit; held the second period in a row.";

    public override string DefaultParameters => "flag; second period in a row: held";

    public override RuleEffect Effect => RuleEffect.FlagOrHold;

    public override Finding? Check(Assessment assessment)
    {
        var (judged, check) = (assessment.Judged, assessment.Check);
        if (!judged.IsKnown || judged.Consumption != 0m || check.MeterStatus is not MeterStatus.Active
            || assessment.Baselines.Expected is not decimal perDay || perDay <= 0m
            || perDay * judged.Days < check.Register.Step)
        {
            return null;
        }

        var sentence = $"No use in {Words.Days(judged.Days)} days; expected {Words.Rate(perDay)} {check.Register.Unit} a day.";
        return check.History.Count > 0 && check.History[^1].Flags.Contains(RuleId)
            ? Hold($"{sentence} The period before showed none either.")
            : Flag(sentence);
    }
}
