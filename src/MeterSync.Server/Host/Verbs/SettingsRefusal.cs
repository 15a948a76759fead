using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs;

/// <summary>Says which setting is not acceptable, by the name a person gave it.</summary>
internal static partial class SettingsRefusal
{
    public static string Of(IEnumerable<OptionsValidationException> refusals) =>
        string.Join(" ", refusals.SelectMany(refusal => refusal.Failures.Select(failure => Plain(failure, SettingsCatalog.PrefixOf(refusal.OptionsType) ?? ""))));

    private static string Plain(string failure, string prefix) =>
        AnnotationPattern().Match(failure) is { Success: true } match ? $"{prefix}{match.Groups["member"].Value}: {match.Groups["error"].Value}" : failure;

    [GeneratedRegex("^DataAnnotation validation failed for '[^']*' members: '(?<member>[^']+)' with the error: '(?<error>.*)'\\.$", RegexOptions.CultureInvariant)]
    private static partial Regex AnnotationPattern();
}
