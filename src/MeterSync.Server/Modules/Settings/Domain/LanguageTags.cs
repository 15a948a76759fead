using System.Text.RegularExpressions;

namespace MeterSync.Modules.Settings.Domain;

/// <summary>Languages as BCP 47 writes them: language, then script, region and variants where they matter.</summary>
internal static partial class LanguageTags
{
    public const int MaximumLength = 35;

    public static bool IsWellFormed(string tag) => tag.Length <= MaximumLength && Tag().IsMatch(tag);

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
