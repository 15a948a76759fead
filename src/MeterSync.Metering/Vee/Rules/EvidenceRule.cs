namespace MeterSync.Metering.Vee.Rules;

/// <summary>The meter's readings need a photo, and none has come. Found days after the reading, by whoever looks then.</summary>
public sealed class EvidenceRule : VeeRule
{
    public const string RuleId = "VEE-116";

    public override string Id => RuleId;

    public override string Name => "evidence missing";

    public override string Meaning => "The meter needs a photo of every reading, and none is complete 7 days after the reading came.";

    public override string DefaultParameters => "7 days";

    public override RuleEffect Effect => RuleEffect.Flag;

    public override Finding? Check(Assessment assessment) => Check(assessment.Check.DaysWithoutPhoto, assessment.Parameters);

    /// <summary>Of a value that was judged by all other rules when it came.</summary>
    /// <param name="daysWithoutPhoto">Whole days since then; null where a photo is there or none is needed.</param>
    /// <param name="parameters">For the days it may take.</param>
    public Finding? Check(int? daysWithoutPhoto, VeeParameters parameters) =>
        daysWithoutPhoto is { } days && days >= parameters.PhotoDays
            ? Flag($"The meter needs a photo of every reading; after {Words.Number(days)} days none has come.")
            : null;
}
