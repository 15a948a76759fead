using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>A reading from the future or from long ago: most often a wrong device clock.</summary>
public sealed class TimeRule : VeeRule
{
    public const string RuleId = "VEE-102";

    public override string Id => RuleId;

    public override string Name => "future or stale time";

    public override string Meaning => "The reading's time is more than 10 minutes ahead of the server, or it is older than 400 days and not an import.";

    public override string DefaultParameters => "10 minutes ahead, 400 days old";

    public override RuleEffect Effect => RuleEffect.Hold;

    public override Finding? Check(Assessment assessment)
    {
        var check = assessment.Check;
        var age = check.Now.UtcTicks - check.ReadingAt.UtcTicks;
        if (-age > assessment.Parameters.FutureToleranceMinutes * TimeSpan.TicksPerMinute)
        {
            return Hold($"The reading's time {Words.Instant(check.ReadingAt)} is {Words.Number(Math.Ceiling(-age / (decimal)TimeSpan.TicksPerMinute))} minutes ahead of the server's {Words.Instant(check.Now)}; {Words.Number(assessment.Parameters.FutureToleranceMinutes)} are allowed.");
        }

        return check.Source is not ReadingSource.Import && age > assessment.Parameters.StaleAfterDays * TimeSpan.TicksPerDay
            ? Hold($"The reading's time {Words.Instant(check.ReadingAt)} is {Words.Days(Consumption.DaysBetween(check.ReadingAt, check.Now))} days old; {Words.Number(assessment.Parameters.StaleAfterDays)} are allowed.")
            : null;
    }
}
