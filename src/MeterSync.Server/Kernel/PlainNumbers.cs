namespace MeterSync.Kernel;

/// <summary>Databases and sums leave zeros behind the last digit; people and files get 150, not 150.000000.</summary>
public static class PlainNumbers
{
    private const decimal OneWithoutSpareZeros = 1.000000000000000000000000000m;

    /// <summary>The same number without zeros at its end.</summary>
    public static decimal Plain(this decimal number) => number.Scale == 0 ? number : number / OneWithoutSpareZeros;

    public static decimal? Plain(this decimal? number) => number is { } value ? value.Plain() : null;
}
