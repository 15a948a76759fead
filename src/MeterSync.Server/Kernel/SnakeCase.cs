using System.Collections.Concurrent;
using System.Text.Json;

namespace MeterSync.Kernel;

/// <summary>The one spelling of names outside C#: JSON, columns, enum members, field paths.</summary>
public static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary><c>Registers[0].ReadingValue</c> becomes <c>registers[0].reading_value</c>.</summary>
    public static string OfPath(string path) => string.Join('.', path.Split('.').Select(Of));
}

/// <summary>Enum members by their snake_case word.</summary>
public static class Terms<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByWord =
        Enum.GetValues<TEnum>().ToDictionary(value => SnakeCase.Of(value.ToString()), StringComparer.OrdinalIgnoreCase);

    private static readonly ConcurrentDictionary<TEnum, string> Words =
        new(Enum.GetValues<TEnum>().ToDictionary(value => value, value => SnakeCase.Of(value.ToString())));

    public static IEnumerable<string> All => ByWord.Keys;

    public static string WordOf(TEnum value) => Words[value];

    public static TEnum Parse(string word) =>
        ByWord.TryGetValue(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(TEnum).Name}.");

    public static bool TryParse(string? word, out TEnum value)
    {
        value = default;
        return word is not null && ByWord.TryGetValue(word, out value);
    }

    /// <summary>Null stays null; an unknown word is a bug here, since request validation lets none through.</summary>
    public static TEnum? ParseOptional(string? word) => word is null ? null : Parse(word);
}
