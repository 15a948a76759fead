using System.Collections;
using System.Globalization;
using System.Reflection;

namespace MeterSync.Host;

/// <summary>Every setting the program knows, read off the options classes: those named ...Options that say their section.</summary>
internal static class SettingsCatalog
{
    private static readonly string[] FrameworkSections = ["Logging", "Kestrel", "AllowedHosts"];

    public static IReadOnlyList<Setting> All { get; } = [.. Find().OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether the program or its framework reads the key.</summary>
    public static bool Knows(string key) =>
        All.Any(setting => setting.Covers(key)) || FrameworkSections.Any(section => key.Equals(section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>The known key with the fewest letters changed.</summary>
    public static string Nearest(string key) => All.MinBy(setting => Distance(setting.Key.ToUpperInvariant(), key.ToUpperInvariant()))!.Key;

    /// <summary>What stands before the names of an options class's properties; null where the class is not bound to the configuration.</summary>
    public static string? PrefixOf(Type options) =>
        options == typeof(HostOptions) ? "" : options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is string section ? section + ":" : null;

    private static IEnumerable<Setting> Find()
    {
        foreach (var type in typeof(SettingsCatalog).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal)))
        {
            if (PrefixOf(type) is { } prefix && type.GetConstructor(Type.EmptyTypes) is not null)
            {
                foreach (var setting in Of(type, Activator.CreateInstance(type)!, prefix))
                {
                    yield return setting;
                }
            }
        }
    }

    private static IEnumerable<Setting> Of(Type type, object defaults, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.SetMethod is { IsPublic: true }))
        {
            var value = property.GetValue(defaults);
            var nested = property.PropertyType.IsClass && property.PropertyType.Assembly == type.Assembly;
            if (nested && value is not null)
            {
                foreach (var inner in Of(property.PropertyType, value, $"{prefix}{property.Name}:"))
                {
                    yield return inner;
                }
            }
            else
            {
                var many = value is IEnumerable and not string || (typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string));
                yield return new Setting(prefix + property.Name, TextOf(value), many);
            }
        }
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(TextOf)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}

/// <param name="Key">As in metersync.json, with ':' between the levels.</param>
/// <param name="Default">Empty where nothing is set.</param>
/// <param name="Many">Whether it holds a list or a table, so that further levels follow.</param>
internal sealed record Setting(string Key, string Default, bool Many)
{
    public string Variable => ServerConfiguration.EnvironmentPrefix + Key.Replace(":", "__", StringComparison.Ordinal);

    public bool Covers(string key) => key.Equals(Key, StringComparison.OrdinalIgnoreCase) || (Many && key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase));
}
