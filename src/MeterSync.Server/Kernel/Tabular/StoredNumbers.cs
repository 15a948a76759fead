using System.Globalization;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// The text of a number as a workbook means it. Spreadsheet programs calculate in binary and store up to 17 digits, of which they show 15:
/// 1.1 may be stored as 1.1000000000000001. Other programs store exact numbers with more digits, and these must not lose any.
/// </summary>
internal static class StoredNumbers
{
    private const int ShownDigits = 15;
    private const int Slack = 4;
    private const double LargestWhole = 9_007_199_254_740_992;

    /// <summary>The number as it is meant, or the text itself where it is exact or no number.</summary>
    public static ReadOnlySpan<char> Meant(ReadOnlySpan<char> stored)
    {
        if (Digits(stored) <= ShownDigits || !double.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return stored;
        }
        return IsBinary(stored, number) && Shown(number) is { } shown ? shown : stored;
    }

    /// <summary>The text of a number that was stored in binary.</summary>
    public static string Of(double number) =>
        Math.Abs(number) < LargestWhole && number == Math.Truncate(number) ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : Shown(number) ?? number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether the digits are those of the binary number itself; others were never one.</summary>
    private static bool IsBinary(ReadOnlySpan<char> stored, double number) =>
        !decimal.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || exact == Exact(number, "R") || exact == Exact(number, "G17");

    private static decimal? Exact(double number, string format) =>
        decimal.TryParse(number.ToString(format, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? exact : null;

    /// <summary>With the digits a program shows, where no more than the last binary places are lost by it; else null.</summary>
    private static string? Shown(double number)
    {
        var shown = double.Parse(number.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var place = Math.BitIncrement(Math.Abs(number)) - Math.Abs(number);
        return Math.Abs(shown - number) <= Slack * place ? Plain(shown) : null;
    }

    // Small numbers too are written out: readers of decimals take no exponent.
    private static string Plain(double number) =>
        Math.Abs(number) is (>= 1e-4 and < 1e15) or 0 ? number.ToString("R", CultureInfo.InvariantCulture)
        : decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Math.Abs(exact) < 1 ? exact.ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);

    private static int Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var c in text)
        {
            if (c is 'e' or 'E')
            {
                break;
            }
            digits += char.IsAsciiDigit(c) && (c != '0' || digits > 0) ? 1 : 0;
        }
        return digits;
    }
}
