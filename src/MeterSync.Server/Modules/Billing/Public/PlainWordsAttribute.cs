using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Billing.Public;

/// <summary>Words without invisible control characters, which no database keeps and no table shows. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainWordsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string text && text.Any(char.IsControl)
            ? new ValidationResult("has an invisible control character.", validationContext.MemberName is { } member ? [member] : null)
            : ValidationResult.Success;
}
