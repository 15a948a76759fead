using System.Text.RegularExpressions;
using MeterSync.Kernel;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs;

/// <summary>Says which setting is not acceptable, by the name a person gave it.</summary>
internal static partial class SettingsRefusal
{
    public static string Of(IEnumerable<OptionsValidationException> refusals)
    {
        var text = string.Join(" ", refusals.SelectMany(refusal => refusal.Failures.Select(failure => Plain(failure, SettingsCatalog.PrefixOf(refusal.OptionsType) ?? ""))));
        return string.Join(" ", [text, .. SetByAliases(text)]);
    }

    /// <summary>The name a person gave it may be another program's.</summary>
    public static IEnumerable<string> SetByAliases(string text)
    {
        try
        {
            return ServerConfiguration.Aliases([]).Sources.Where(source => text.Contains(source.Key, StringComparison.OrdinalIgnoreCase)).Select(source => $"{source.Key} is set by the variable {source.Value}.");
        }
        catch (StartRefusedException)
        {
            // What is wrong with a variable matters only where it decides; here something else was refused.
            return [];
        }
    }

    private static string Plain(string failure, string prefix) =>
        AnnotationPattern().Match(failure) is { Success: true } match ? $"{prefix}{match.Groups["member"].Value}: {match.Groups["error"].Value}" : failure;

    [GeneratedRegex("^DataAnnotation validation failed for '[^']*' members: '(?<member>[^']+)' with the error: '(?<error>.*)'\\.$", RegexOptions.CultureInvariant)]
    private static partial Regex AnnotationPattern();
}
