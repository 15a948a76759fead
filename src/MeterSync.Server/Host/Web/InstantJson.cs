using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;

namespace MeterSync.Host.Web;

/// <summary>Instants leave as RFC 3339 UTC with Z; any offset is accepted, a text without one is refused.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var instant) || !SaysItsOffset(reader.GetString()!))
        {
            throw new RefusedJsonException("an instant is written like 2026-03-31T08:15:00Z.");
        }

        if (!Instants.IsPlausible(instant))
        {
            throw new RefusedJsonException($"the instant is not between the years {Instants.FirstYear} and {Instants.LastYear}.");
        }

        return instant.ToStored();
    }

    private static bool SaysItsOffset(string text) => text[^1] == 'Z' || (text.Length > 6 && text[^6] is '+' or '-');

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Instants.LongestText];
        writer.WriteStringValue(text[..value.Format(text)]);
    }
}
