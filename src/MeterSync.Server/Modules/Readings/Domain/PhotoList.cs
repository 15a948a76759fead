using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>Photo ids or addresses as a reading keeps them.</summary>
internal static class PhotoList
{
    public const int Most = 10;

    public static IReadOnlyList<string> Of(string? json) => json is null ? [] : JsonSerializer.Deserialize(json, PhotoListJson.Default.StringArray) ?? [];

    /// <summary>Null for an empty list.</summary>
    public static string? ToJson(IReadOnlyList<string>? photos) => photos is null or [] ? null : JsonSerializer.Serialize([.. photos], PhotoListJson.Default.StringArray);
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class PhotoListJson : JsonSerializerContext;
