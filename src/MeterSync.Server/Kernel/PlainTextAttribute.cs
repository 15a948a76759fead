using System.ComponentModel.DataAnnotations;

namespace MeterSync.Kernel;

/// <summary>Text that can be stored, searched and shown: not too long and without invisible control characters. Null passes.</summary>
/// <param name="maximumLength">Characters, inclusive.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PlainTextAttribute(int maximumLength) : ValidationAttribute
{
    public int MaximumLength { get; } = maximumLength;

    /// <summary>Whether line breaks and tabs may stand inside.</summary>
    public bool AllowLines { get; set; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string text)
        {
            return ValidationResult.Success;
        }

        if (text.Length > MaximumLength)
        {
            return Refuse($"is longer than {MaximumLength} characters.", validationContext);
        }

        return text.Any(character => IsInvisible(character) && !(AllowLines && character is '\n' or '\r' or '\t'))
            ? Refuse("has an invisible control character.", validationContext)
            : ValidationResult.Success;
    }

    /// <summary>Control characters, and those that turn the direction of what follows: a name must read as it is.</summary>
    internal static bool IsInvisible(char character) => char.IsControl(character) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static ValidationResult Refuse(string message, ValidationContext context) => new(message, context.MemberName is { } member ? [member] : null);
}
