using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MeterSync.Kernel;

/// <summary>The one spelling of names outside C#: JSON, columns, enum members, field paths.</summary>
public static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary><c>Registers[0].ReadingValue</c> becomes <c>registers[0].reading_value</c>.</summary>
    public static string OfPath(string path) => string.Join('.', path.Split('.').Select(Of));
}

/// <summary>Enum members by their snake_case word. Members are numbered from 0 up, as C# does by itself.</summary>
public static class Terms<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByWord =
        Enum.GetValues<TEnum>().ToDictionary(value => SnakeCase.Of(value.ToString()), StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Words =
        [.. Enum.GetValues<TEnum>().Select((value, index) => NumberOf(value) == index ? SnakeCase.Of(value.ToString()) : throw new NotSupportedException($"{typeof(TEnum).Name}.{value} is not number {index}."))];

    private static readonly JsonEncodedText[] Encoded = [.. Words.Select(word => JsonEncodedText.Encode(word))];

    public static IEnumerable<string> All => ByWord.Keys;

    public static string WordOf(TEnum value) => Words[NumberOf(value)];

    /// <summary>The word as it stands in JSON.</summary>
    public static JsonEncodedText JsonOf(TEnum value) => Encoded[NumberOf(value)];

    /// <summary>Stored words have the exact case and are few, so that comparing beats hashing.</summary>
    public static TEnum Parse(string word)
    {
        for (var number = 0; number < Words.Length; number++)
        {
            if (Words[number] == word)
            {
                return Unsafe.BitCast<int, TEnum>(number);
            }
        }

        return ByWord.TryGetValue(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(TEnum).Name}.");
    }

    public static bool TryParse(string? word, out TEnum value)
    {
        value = default;
        return word is not null && ByWord.TryGetValue(word, out value);
    }

    /// <summary>Null stays null; an unknown word is a bug here, since request validation lets none through.</summary>
    public static TEnum? ParseOptional(string? word) => word is null ? null : Parse(word);

    /// <exception cref="NotSupportedException">The enum is not kept in 32 bits.</exception>
    private static int NumberOf(TEnum value) => Unsafe.BitCast<TEnum, int>(value);
}
