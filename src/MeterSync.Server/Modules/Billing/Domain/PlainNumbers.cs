namespace MeterSync.Modules.Billing.Domain;

/// <summary>PostgreSQL hands numbers out with all six decimals; people and files get 150, not 150.000000.</summary>
internal static class PlainNumbers
{
    private const decimal OneWithoutSpareZeros = 1.000000000000000000000000000m;

    /// <summary>The same number without zeros at its end.</summary>
    public static decimal Plain(this decimal number) => number / OneWithoutSpareZeros;

    public static decimal? Plain(this decimal? number) => number is { } value ? value.Plain() : null;
}
