using System.ComponentModel.DataAnnotations;

namespace MeterSync.Kernel;

/// <summary>The text must be one of an enum's words (snake_case, case-insensitive). Null passes.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TermOfAttribute(Type enumType) : ValidationAttribute
{
    public Type EnumType { get; } = enumType;

    public IReadOnlyList<string> Words { get; } = [.. Enum.GetNames(enumType).Select(SnakeCase.Of)];

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (value is string word && Words.Contains(word, StringComparer.OrdinalIgnoreCase))
            ? ValidationResult.Success
            : new ValidationResult($"'{value}' is not one of: {string.Join(", ", Words)}.", validationContext.MemberName is { } member ? [member] : null);
}
