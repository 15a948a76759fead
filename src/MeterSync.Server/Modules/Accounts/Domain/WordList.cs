using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

/// <summary>Words without spaces (role names, permissions, ids) kept in one text column with a space between them.</summary>
internal static class WordList
{
    public static string[] Of(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Distinct(StringComparer.Ordinal));

    public static string First(string text) => text.IndexOf(' ', StringComparison.Ordinal) is var end and >= 0 ? text[..end] : text;

    public static IEnumerable<RegionId> RegionsOf(string text) => Of(text).Select(word => new RegionId(Guid.Parse(word)));
}
