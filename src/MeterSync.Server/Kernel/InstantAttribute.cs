using System.ComponentModel.DataAnnotations;

namespace MeterSync.Kernel;

/// <summary>The text is a day or an instant as <see cref="InstantText"/> reads it. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantAttribute() : ValidationAttribute("Give a day like 2026-03-31 or an instant like 2026-03-31T08:15:00Z.")
{
    public override bool IsValid(object? value) => value is null || (value is string text && InstantText.TryParse(text, out _));
}
