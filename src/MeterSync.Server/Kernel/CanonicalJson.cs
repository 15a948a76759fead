using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeterSync.Kernel;

/// <summary>One text for all spellings of the same JSON: members sorted by name, no space between, 12.50 and 1.25e1 as 12.5. To tell the same content from another, not to be read.</summary>
public static class CanonicalJson
{
    /// <param name="json">Without two members of one name in an object.</param>
    public static string Of(JsonElement json)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, json);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A decimal without zeros at its end.</summary>
    public static string Of(decimal number) => number.Plain().ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(NumberOf(json));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    /// <summary>Numbers that are no exact decimals are told apart as doubles.</summary>
    private static string NumberOf(JsonElement json)
    {
        var number = json.GetDouble();
        return json.TryGetDecimal(out var exact) && (double)exact == number ? Of(exact) : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
