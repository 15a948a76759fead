using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>The counter went down without a reason: misread, or a swapped meter.</summary>
public sealed class NegativeUseRule : VeeRule
{
    public const string RuleId = "VEE-103";

    public override string Id => RuleId;

    public override string Name => "negative use";

    public override string Meaning => "The value is lower than the one before it, or higher than the accepted one after it, and no rollover, over-estimate or backward running explains it.";

    public override string DefaultParameters => "rollover as VEE-104";

    public override RuleEffect Effect => RuleEffect.Hold;

    public override Finding? Check(Assessment assessment)
    {
        if (!assessment.IsCumulative)
        {
            return null;
        }

        if (assessment.Use.Move is CounterMove.Negative)
        {
            return Hold(Sentence(assessment, assessment.Use.From, assessment.Check.Value, assessment.Check.ReadingAt, "before"));
        }

        // An estimate after the reading is no evidence against it.
        if (assessment.Next is not { IsEstimate: false } next)
        {
            return null;
        }

        var here = new PriorValue(assessment.Check.Value, assessment.Check.ReadingAt);
        return CounterUse.Between(assessment, here, next.Value, next.At).Move is CounterMove.Negative
            ? Hold(Sentence(assessment, here, next.Value, next.At, "after"))
            : null;
    }

    private static string Sentence(Assessment assessment, PriorValue from, decimal to, DateTimeOffset at, string side)
    {
        var register = assessment.Check.Register;
        var (mine, other, otherAt) = side == "before" ? (to, from.Value, from.At) : (from.Value, to, at);
        var relation = mine < other ? "below" : "above";
        var head = $"The value {Words.Number(mine)} is {relation} the accepted {Words.Number(other)} {side} it, of {Words.Instant(otherAt)}.";
        var days = Consumption.DaysBetween(from.At, at);
        if (Consumption.AcrossRollover(from.Value, to, register.Digits, register.Multiplier) is not decimal rolled)
        {
            return $"{head} Misread, or the meter was swapped.";
        }

        return (assessment.MaximumUsePerDay, Consumption.PerDay(rolled, days)) switch
        {
            (decimal maximum, decimal rate) =>
                $"{head} A rollover would be {Words.Use(rolled, register)} in {Words.Days(days)} days, {Words.Rate(rate)} a day; at most {Words.Rate(maximum)} is plausible. Misread, or the meter was swapped.",
            (null, decimal rate) =>
                $"{head} A rollover would be {Words.Use(rolled, register)} in {Words.Days(days)} days, {Words.Rate(rate)} a day; nothing is known of this register's use to judge that by. Misread, swapped or rolled over.",
            _ => $"{head} Misread, or the meter was swapped.",
        };
    }
}
