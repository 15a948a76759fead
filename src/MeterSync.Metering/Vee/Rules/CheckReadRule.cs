using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>Two people read one meter. The first valid value counts.</summary>
public sealed class CheckReadRule : VeeRule
{
    public const string RuleId = "VEE-111";

    public override string Id => RuleId;

    public override string Name => "check-read";

    public override string Meaning => "Another agent or device read the same register in the same cycle; held when the two differ by more than the possible use between them.";

    public override string DefaultParameters => "possible use: the plausible daily use of VEE-104 x the days between, plus one step of the last digit";

    public override RuleEffect Effect => RuleEffect.FlagOrHold;

    public override Finding? Check(Assessment assessment)
    {
        Finding? worst = null;
        foreach (var visit in assessment.Check.OtherVisits)
        {
            if (string.Equals(visit.By, assessment.Check.ReadBy, StringComparison.Ordinal))
            {
                continue;
            }

            var finding = Compare(assessment, visit);
            if (worst is null || finding.Effect > worst.Effect)
            {
                worst = finding;
            }
        }

        return worst;
    }

    private Finding Compare(Assessment assessment, OtherVisit visit)
    {
        var check = assessment.Check;
        var register = check.Register;
        var sentence = $"{visit.By} read {Words.Number(visit.Value)} on {Words.Instant(visit.At)} in the same cycle; this reading is {Words.Number(check.Value)}.";
        if (!assessment.IsCumulative || register.Multiplier <= 0m)
        {
            return Flag(sentence);
        }

        var visitIsEarlier = visit.At <= check.ReadingAt;
        var (earlier, later) = visitIsEarlier ? (visit.Value, check.Value) : (check.Value, visit.Value);
        var days = Math.Abs(Consumption.DaysBetween(visit.At, check.ReadingAt));
        if (Consumption.Between(earlier, later, register.Multiplier) is not decimal difference)
        {
            return Hold($"{sentence} They are too far apart to compare.");
        }

        var advance = difference < -register.Step
            ? Consumption.AcrossRollover(earlier, later, register.Digits, register.Multiplier) ?? difference
            : difference;
        if (advance < -register.Step)
        {
            return Hold($"{sentence} The later one is lower by {Words.Use(-advance, register)}.");
        }

        if (assessment.MaximumUsePerDay is not decimal maximum)
        {
            return advance == difference ? Flag(sentence) : Hold($"{sentence} The later one is lower by {Words.Use(-difference, register)}.");
        }

        var possible = (maximum * days) + register.Step;
        return advance > possible
            ? Hold($"{sentence} They differ by {Words.Use(Math.Abs(difference), register)}; at most {Words.Rate(possible)} {register.Unit} is possible in {Words.Days(days)} days.")
            : Flag(sentence);
    }
}
