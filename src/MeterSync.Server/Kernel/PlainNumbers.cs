namespace MeterSync.Kernel;

/// <summary>Databases and sums leave zeros behind the last digit; people and files get 150, not 150.000000.</summary>
public static class PlainNumbers
{
    private const decimal OneWithoutSpareZeros = 1.000000000000000000000000000m;

    /// <summary>The same number without zeros at its end.</summary>
    public static decimal Plain(this decimal number)
    {
        if (number.Scale == 0)
        {
            return number;
        }

        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        return parts[2] == 0 ? Shortened(number, unchecked(((ulong)(uint)parts[1] << 32) | (uint)parts[0])) : number / OneWithoutSpareZeros;
    }

    /// <summary>Digits that fit 64 bits, as nearly all do, are shortened at a fraction of what dividing decimals costs.</summary>
    private static decimal Shortened(decimal number, ulong digits)
    {
        if (digits == 0)
        {
            return 0;
        }

        var scale = number.Scale;
        while (scale > 0 && Math.DivRem(digits, 10) is (var shorter, 0))
        {
            digits = shorter;
            scale--;
        }

        return scale == number.Scale ? number : new decimal(unchecked((int)digits), unchecked((int)(digits >> 32)), 0, decimal.IsNegative(number), scale);
    }

    public static decimal? Plain(this decimal? number) => number is { } value ? value.Plain() : null;
}
