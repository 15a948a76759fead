namespace MeterSync.Metering.Vee.Rules;

/// <summary>Nobody has seen this meter for too long.</summary>
public sealed class ConsecutiveEstimatesRule : VeeRule
{
    public const string RuleId = "VEE-114";

    public override string Id => RuleId;

    public override string Name => "consecutive estimates";

    public override string Meaning => "More than 2 cycles in a row are estimated; the meter needs a real reading.";

    public override string DefaultParameters => "2 estimated cycles in a row";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment) =>
        assessment.Check.Source is ReadingSource.Estimate && assessment.Check.ConsecutiveEstimates >= assessment.Parameters.MaximumConsecutiveEstimates
            ? Flag($"This is estimate number {Words.Number(assessment.Check.ConsecutiveEstimates + 1L)} in a row; after {Words.Number(assessment.Parameters.MaximumConsecutiveEstimates)} the meter needs a real reading.")
            : null;
}
