namespace MeterSync.Metering.Vee.Rules;

/// <summary>A number copied from the last visit, or computed instead of read.</summary>
public sealed class SameValueRule : VeeRule
{
    public const string RuleId = "VEE-108";

    public override string Id => RuleId;

    public override string Name => "same value or same use";

    public override string Meaning => "The value equals the one before it on a register that was moving, or the use equals the use of the period before exactly.";

    public override string DefaultParameters => "any use above 0";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment)
    {
        var (use, check) = (assessment.Use, assessment.Check);
        if (!use.IsKnown || check.History.Count == 0 || check.Source is ReadingSource.Estimate)
        {
            return null;
        }

        var before = check.History[^1];
        if (check.Value == use.From.Value)
        {
            return before.Consumption > 0m && check.MeterStatus is MeterStatus.Active
                && before.AverageDailyUse is decimal perDay && perDay * use.Days >= check.Register.Step
                ? Flag($"The value {Words.Number(check.Value)} is the same as on {Words.Instant(use.From.At)}; the register moved {Words.Use(before.Consumption, check.Register)} in the period before.")
                : null;
        }

        return use.Consumption == before.Consumption && use.Consumption > assessment.Parameters.SameUseMinimum && before.Quality is not Quality.Estimated
            ? Flag($"The use of {Words.Use(use.Consumption, check.Register)} is exactly that of the period before.")
            : null;
    }
}
