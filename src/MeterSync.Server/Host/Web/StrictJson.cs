using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Store.Model;

namespace MeterSync.Host.Web;

/// <summary>Refuses at the door what the databases could not hold, so that every module need not: NUL characters, decimals out of range, two members of one name.</summary>
internal static class StrictJson
{
    public static void Configure(JsonSerializerOptions json)
    {
        json.AllowDuplicateProperties = false;
        json.Converters.Add(new TextJson());
        json.Converters.Add(new ElementJson());
        json.Converters.Add(new DecimalJson());
        json.Converters.Add(new FiniteJson());
    }

    /// <summary>Texts without NUL, which PostgreSQL cannot keep.</summary>
    private sealed class TextJson : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String ? WithoutNul(reader.GetString()) : throw new RefusedJsonException("a text is wanted here.");

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => WithoutNul(reader.GetString())!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        private static string? WithoutNul(string? text) =>
            text?.Contains('\0', StringComparison.Ordinal) == true ? throw new RefusedJsonException("the text has a NUL character.") : text;
    }

    /// <summary>Free-form JSON, under the same rule.</summary>
    private sealed class ElementJson : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            Check(element);
            return element;
        }

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

        private static void Check(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    CheckText(element.GetString);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                    {
                        Check(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (var member in element.EnumerateObject())
                    {
                        CheckText(() => member.Name);
                        Check(member.Value);
                    }

                    break;
                case JsonValueKind.Number when !(element.TryGetDouble(out var number) && double.IsFinite(number)):
                    throw new RefusedJsonException("the number is out of range.");
            }
        }

        private static void CheckText(Func<string?> read)
        {
            string? text;
            try
            {
                text = read();
            }
            catch (InvalidOperationException)
            {
                throw new RefusedJsonException("the text has half a surrogate pair.");
            }

            if (text?.Contains('\0', StringComparison.Ordinal) == true)
            {
                throw new RefusedJsonException("the text has a NUL character.");
            }
        }
    }

    /// <summary>Decimals as numbers or strings, with as many digits as both databases keep exactly. They leave without zeros at their end, whoever wrote them there.</summary>
    private sealed class DecimalJson : JsonConverter<decimal>
    {
        private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        private static readonly decimal Limit = (decimal)Math.Pow(10, StoreConventions.DecimalPrecision - StoreConventions.DecimalScale);

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            decimal value;
            var read = reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetDecimal(out value),
                JsonTokenType.String => decimal.TryParse(reader.GetString(), Plain, CultureInfo.InvariantCulture, out value),
                _ => throw new RefusedJsonException("a number is wanted here."),
            };
            if (!read || Math.Abs(value) >= Limit)
            {
                throw new RefusedJsonException($"the number is no decimal with at most {StoreConventions.DecimalPrecision - StoreConventions.DecimalScale} digits before the point.");
            }

            return decimal.Round(value, StoreConventions.DecimalScale) == value ? value : throw new RefusedJsonException($"the number has more than {StoreConventions.DecimalScale} digits after the point.");
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Plain());
    }

    /// <summary>Doubles must be finite: "NaN" and 1e400 are no measurements.</summary>
    private sealed class FiniteJson : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            double value;
            var read = reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetDouble(out value),
                JsonTokenType.String => double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out value),
                _ => throw new RefusedJsonException("a number is wanted here."),
            };
            return read && double.IsFinite(value) ? value : throw new RefusedJsonException("the number is out of range.");
        }

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}

/// <summary>A value our own converters refuse.</summary>
/// <param name="reason">Words a caller may read; the serializer adds the place to the message.</param>
internal sealed class RefusedJsonException(string reason) : JsonException
{
    public string Reason => reason;
}
