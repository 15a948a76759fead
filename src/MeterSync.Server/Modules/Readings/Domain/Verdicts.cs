using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering.Vee;
using MeterSync.Metering.Vee.Rules;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A rule that spoke, as it is stored and shown.</summary>
/// <param name="Rule">VEE id.</param>
/// <param name="Effect">flag or hold.</param>
/// <param name="Message">In words, with numbers and units.</param>
internal sealed record FindingView(string Rule, FindingEffect Effect, string Message);

/// <summary>What was expected of a value, as it is stored and shown.</summary>
/// <param name="Low">Register values below are low; null where nothing can be said.</param>
/// <param name="High">Register values above are high; at or above 10^digits it stands for a value after a rollover.</param>
/// <param name="AverageDailyUse">Expected use per day in the register's unit.</param>
internal sealed record ExpectedView(decimal? Low, decimal? High, decimal AverageDailyUse);

/// <summary>Writes verdicts into values and reads them back.</summary>
internal static class Verdicts
{
    /// <summary>Rules whose answer depends on the accepted value before; they are asked again when that changes.</summary>
    private static readonly string[] DependOnPrevious =
        [NegativeUseRule.RuleId, RolloverRule.RuleId, HighUseRule.RuleId, LowUseRule.RuleId, ZeroUseRule.RuleId, SameValueRule.RuleId, UseOnInactiveRule.RuleId];

    public static void Write(ReadingValue value, RegisterVerdict verdict)
    {
        value.State = verdict.State;
        value.Quality = verdict.Quality;
        value.Flags = FlagText.Of(verdict.Findings);
        value.Consumption = verdict.Consumption;
        value.Days = verdict.Days;
        if (verdict.Findings.Count > 0)
        {
            value.Findings = ToJson([.. verdict.Findings.Select(finding => new FindingView(finding.RuleId, finding.Effect, finding.Message))]);
            value.Expected = ToJson(ExpectedOf(verdict));
        }
    }

    /// <summary>Use and the findings that hang on it, counted from another value than before. An accepted value stays accepted:
    /// a rule that would have held it is noted as a flag, unless it held it then and a person let it pass.</summary>
    public static void Remeasure(ReadingValue value, Remeasured measured)
    {
        value.PreviousValueId = measured.PreviousValueId;
        value.Consumption = measured.Verdict.Consumption;
        value.Days = measured.Verdict.Days;
        var before = FindingsOf(value.Findings);
        var kept = before.Where(finding => !DependOnPrevious.Contains(finding.Rule));
        var found = measured.Verdict.Findings.Where(finding => DependOnPrevious.Contains(finding.RuleId))
            .Select(finding => new FindingView(finding.RuleId, before.FirstOrDefault(old => old.Rule == finding.RuleId)?.Effect ?? FindingEffect.Flag, finding.Message));
        var findings = kept.Concat(found).OrderBy(finding => finding.Rule, StringComparer.Ordinal).ToArray();
        if (findings.SequenceEqual(before))
        {
            return;
        }

        value.Flags = string.Join(',', findings.Select(finding => finding.Rule));
        value.Findings = findings.Length == 0 ? null : ToJson(findings);
        value.Expected = findings.Length == 0 ? null : ToJson(ExpectedOf(measured.Verdict));
    }

    /// <summary>Other findings than before, in order of rule; state and use stay.</summary>
    public static void Replace(ReadingValue value, IReadOnlyList<FindingView> findings)
    {
        var ordered = findings.OrderBy(finding => finding.Rule, StringComparer.Ordinal).ToArray();
        value.Flags = string.Join(',', ordered.Select(finding => finding.Rule));
        value.Findings = ordered.Length == 0 ? null : ToJson(ordered);
        value.Expected = ordered.Length == 0 ? null : value.Expected;
    }

    public static ExpectedView? ExpectedOf(RegisterVerdict verdict) =>
        verdict.Expected is { } expected ? new ExpectedView(expected.LowValue, expected.HighValue, expected.AverageDailyUse) : null;

    public static IReadOnlyList<FindingView> FindingsOf(string? json) => json is null ? [] : JsonSerializer.Deserialize(json, StoredVerdictJson.Default.FindingViewArray) ?? [];

    public static ExpectedView? ExpectedOf(string? json) => json is null ? null : JsonSerializer.Deserialize(json, StoredVerdictJson.Default.ExpectedView);

    private static string ToJson(FindingView[] findings) => JsonSerializer.Serialize(findings, StoredVerdictJson.Default.FindingViewArray);

    private static string? ToJson(ExpectedView? expected) => expected is null ? null : JsonSerializer.Serialize(expected, StoredVerdictJson.Default.ExpectedView);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = false, Converters = [typeof(EffectJson)])]
[JsonSerializable(typeof(FindingView[]))]
[JsonSerializable(typeof(ExpectedView))]
internal sealed partial class StoredVerdictJson : JsonSerializerContext;

internal sealed class EffectJson() : JsonStringEnumConverter<FindingEffect>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
