using System.Buffers;
using System.Text;
using System.Text.Json;
using MeterSync.Kernel;

namespace MeterSync.Store.Audit;

/// <summary>Values before or after a change as the audit log keeps them: one JSON object. A value about a person is the object <c>{"p1": "p1:..."}</c>,
/// which no other value can be; inside is the value's own JSON.</summary>
internal static class AuditJson
{
    /// <summary>How such an object begins. Quotes inside texts are escaped, so that it begins nothing else.</summary>
    public const string SealedFrom = "{\"p1\":\"";

    public const string SealedTo = "\"}";

    private static readonly JsonEncodedText SealedName = JsonEncodedText.Encode("p1");

    /// <param name="columns">What is shown.</param>
    /// <param name="valueOf">Gives the value of a column.</param>
    /// <param name="seal">Of the person whose values they are; null where they are nobody's.</param>
    public static string Of(IReadOnlyList<AuditColumn> columns, Func<AuditColumn, object?> valueOf, PersonSeal? seal)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var column in columns)
        {
            json.WritePropertyName(column.Name);
            if (column.IsSecret)
            {
                json.WriteStringValue("(secret)");
            }
            else if (column.IsPersonal && seal is { } person && valueOf(column) is { } value)
            {
                WriteSealed(json, value, person);
            }
            else
            {
                WriteValue(json, valueOf(column));
            }
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteSealed(Utf8JsonWriter json, object value, PersonSeal person)
    {
        if (person.Cipher is null)
        {
            json.WriteStringValue(person.Instead);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(64);
        using (var clear = new Utf8JsonWriter(buffer))
        {
            WriteValue(clear, value);
        }

        json.WriteStartObject();
        json.WritePropertyName(SealedName);
        json.WriteRawValue($"\"{person.Cipher.Seal(buffer.WrittenSpan)}\"", skipInputValidation: true); // as it is: '+' would be escaped
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset instant:
                json.WriteStringValue(instant);
                break;
            case ITypedId id:
                json.WriteStringValue(id.Value);
                break;
            case Enum word:
                json.WriteStringValue(SnakeCase.Of(word.ToString()));
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case IEnumerable<string> words:
                json.WriteStartArray();
                foreach (var word in words)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
