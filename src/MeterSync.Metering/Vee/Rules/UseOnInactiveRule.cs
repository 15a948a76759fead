namespace MeterSync.Metering.Vee.Rules;

/// <summary>Use without a customer: theft, a move-in nobody told, or a wrong status.</summary>
public sealed class UseOnInactiveRule : VeeRule
{
    public const string RuleId = "VEE-109";

    public override string Id => RuleId;

    public override string Name => "use on inactive";

    public override string Meaning => "The register moved while the meter is inactive or out of service.";

    public override string DefaultParameters => "none";

    public override RuleEffect Effect => RuleEffect.Hold;

    public override Finding? Check(Assessment assessment)
    {
        var (use, status) = (assessment.Use, assessment.Check.MeterStatus);
        return use.IsKnown && use.Consumption > 0m && status is (MeterStatus.Inactive or MeterStatus.OutOfService)
            ? Hold($"Use of {Words.Use(use.Consumption, assessment.Check.Register)} in {Words.Days(use.Days)} days on a meter that is {(status is MeterStatus.Inactive ? "inactive" : "out of service")}.")
            : null;
    }
}
