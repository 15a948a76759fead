using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>A JSON object of the owner's own fields, small enough to travel with the meter. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MetadataAttribute : ValidationAttribute
{
    public const int MaximumCharacters = 16 * 1024;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => ValidationResult.Success,
        JsonElement { ValueKind: JsonValueKind.Object } element when element.GetRawText().Length > MaximumCharacters => new ValidationResult($"is longer than {MaximumCharacters} characters."),
        JsonElement { ValueKind: JsonValueKind.Object } => ValidationResult.Success,
        _ => new ValidationResult("is not a JSON object."),
    };
}

/// <summary>An IANA time zone such as Europe/Kyiv. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneNameAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (value is string name && IsKnown(name.Trim()))
            ? ValidationResult.Success
            : new ValidationResult($"'{value}' is no time zone of the IANA database, such as Europe/Kyiv.");

    public static bool IsKnown(string name) => NodaTime.DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null;
}

/// <summary>A number that is stored exactly: at most six decimals. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SixDecimalsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not decimal number || Fits(number) ? ValidationResult.Success : new ValidationResult("has more than six decimals.");

    public static bool Fits(decimal number) => decimal.Round(number, 6) == number;
}
