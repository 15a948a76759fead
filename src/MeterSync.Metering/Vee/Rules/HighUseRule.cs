using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>Far more use than this customer had a year ago and lately.</summary>
public sealed class HighUseRule : VeeRule
{
    public const string RuleId = "VEE-105";

    public override string Id => RuleId;

    public override string Name => "high use";

    public override string Meaning => "Average daily use is above twice the same period last year and above twice the last three periods, and the use is above the meter type's floor.";

    public override string DefaultParameters => "2 x both baselines; 2 (electric, water) or 5 (gas, heat) x the recent periods while there is no last year; floor 5 kWh, 2 m3, 0.05 GJ";

    public override RuleEffect Effect => RuleEffect.Hold;

    public override Finding? Check(Assessment assessment)
    {
        var judged = assessment.Judged;
        if (!judged.IsKnown || assessment.HighUse is not decimal limit || Math.Abs(judged.Consumption) <= limit)
        {
            return null;
        }

        var (register, baselines, parameters) = (assessment.Check.Register, assessment.Baselines, assessment.Parameters);
        var rate = Math.Round(judged.Consumption / assessment.JudgedDays, Consumption.RateDecimals);
        var since = judged.From.At == assessment.Use.From.At ? "" : " since the last actual reading";
        var head = $"Use of {Words.Use(judged.Consumption, register)} in {Words.Days(judged.Days)} days{since} is {Words.Rate(rate)} {register.Unit} a day; expected";
        var tail = (baselines.SamePeriodLastYear, baselines.RecentPeriods) switch
        {
            (decimal year, decimal recent) => $"{Words.Rate(year)} from the same period last year and {Words.Rate(recent)} from the last three periods. More than {Words.Times(parameters.HighUseFactor)} both.",
            (decimal year, null) => $"{Words.Rate(year)} from the same period last year. More than {Words.Times(parameters.HighUseFactor)} that.",
            (_, var recent) => $"{Words.Rate(recent ?? 0m)} from the last periods, with no last year to compare. More than {Words.Times(parameters.FirstYearHighUseFactor.Of(assessment.Check.MeterType))} that.",
        };
        return Hold(assessment.Check.DoubleEntered ? $"{head} {tail} The agent entered the value twice." : $"{head} {tail}");
    }
}
