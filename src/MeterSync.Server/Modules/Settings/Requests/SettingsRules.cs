using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel.Limits;
using MeterSync.Modules.Settings.Domain;

namespace MeterSync.Modules.Settings.Requests;

/// <summary>An IANA time zone. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ZoneNameAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string name || ZoneNames.IsKnown(name.Trim())
            ? ValidationResult.Success
            : new ValidationResult($"{Said.Of(name)} is no time zone of the IANA database, such as Europe/Kyiv.");
}

/// <summary>An ISO 4217 code. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CurrencyCodeAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string code || Currencies.IsKnown(code.Trim())
            ? ValidationResult.Success
            : new ValidationResult($"{Said.Of(code)} is no currency of ISO 4217, such as EUR or UAH.");
}

/// <summary>A BCP 47 tag. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LanguageTagAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string tag || LanguageTags.IsWellFormed(tag.Trim())
            ? ValidationResult.Success
            : new ValidationResult($"{Said.Of(tag)} is no language tag of BCP 47, such as en, de-AT or zh-Hant-TW.");
}

/// <summary>Addresses and ranges. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddressListAttribute : ValidationAttribute
{
    public const int Most = 1_000;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        not IReadOnlyList<string?> => ValidationResult.Success,
        IReadOnlyList<string?> { Count: > Most } => new ValidationResult($"has more than {Most} entries."),
        IReadOnlyList<string?> texts when !AddressRanges.TryParse(texts.Select(text => text ?? ""), out _, out var wrong) => new ValidationResult($"{Said.Of(wrong!)} is no address and no range, such as 203.0.113.7, 198.51.100.0/24 or 2001:db8::/32."),
        _ => ValidationResult.Success,
    };
}

/// <summary>Text that can be stored and shown. Null passes.</summary>
/// <param name="maximumLength">Characters, inclusive.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShownTextAttribute(int maximumLength) : ValidationAttribute
{
    /// <summary>Whether line breaks may stand inside.</summary>
    public bool AllowLines { get; set; }

    public int MaximumLength { get; } = maximumLength;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string text ? ValidationResult.Success
        : text.Length > MaximumLength ? new ValidationResult($"is longer than {MaximumLength} characters.")
        : text.Any(character => char.IsControl(character) && !(AllowLines && character is '\n' or '\r')) ? new ValidationResult("has an invisible control character.")
        : ValidationResult.Success;
}

/// <summary>An e-mail address that mail can be sent to. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MailAddressAttribute : ValidationAttribute
{
    private const int MaximumLength = 254;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string text || (text.Length <= MaximumLength && System.Net.Mail.MailAddress.TryCreate(text.Trim(), out var address) && address.Address == text.Trim())
            ? ValidationResult.Success
            : new ValidationResult($"{Said.Of(text)} is no e-mail address.");
}

/// <summary>What a caller wrote, as much of it as a message can show.</summary>
internal static class Said
{
    private const int ShownCharacters = 60;

    public static string Of(string text) => text.Length > ShownCharacters ? $"'{text[..ShownCharacters]}...'" : $"'{text}'";
}
