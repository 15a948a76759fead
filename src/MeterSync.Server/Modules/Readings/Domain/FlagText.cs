using System.Collections.Concurrent;
using MeterSync.Metering.Vee;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>Rule ids as a value keeps them: comma-separated, in order.</summary>
internal static class FlagText
{
    private const int MaximumKept = 1_000;
    private static readonly ConcurrentDictionary<string, string[]> Known = new(StringComparer.Ordinal);

    public static string Of(IReadOnlyList<Finding> findings) => findings.Count switch
    {
        0 => "",
        1 => findings[0].RuleId,
        _ => string.Join(',', findings.Select(finding => finding.RuleId)),
    };

    /// <summary>The ids; the same few combinations come back all the time, so they are split once.</summary>
    public static IReadOnlyList<string> Split(string flags) =>
        flags.Length == 0 ? []
        : Known.TryGetValue(flags, out var ids) ? ids
        : Known.Count < MaximumKept ? Known.GetOrAdd(flags, static text => text.Split(','))
        : flags.Split(',');

    public static bool Has(string flags, string ruleId) => flags.Length > 0 && flags.Contains(ruleId, StringComparison.Ordinal);
}
