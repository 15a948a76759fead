using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>A late reading: an offline phone that came back, or a forgotten sheet.</summary>
public sealed class OrderRule : VeeRule
{
    public const string RuleId = "VEE-110";

    public override string Id => RuleId;

    public override string Name => "order";

    public override string Meaning => "The reading is older than the latest accepted one; it is inserted in order and later use is computed again.";

    public override string DefaultParameters => "none";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment) =>
        assessment.Next is PriorValue next
            ? Flag($"The reading of {Words.Instant(assessment.Check.ReadingAt)} came after that of {Words.Instant(next.At)} was accepted; it is inserted in order and later use is computed again.")
            : null;
}
