using System.Globalization;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Reads numbers as people and spreadsheets write them: decimal comma or point, thousands separators (space, no-break and
/// thin spaces, apostrophe, or the sign that is not the decimal sign), a sign in front. Never guesses: text that has two
/// readings is refused unless the file's decimal sign is known.
/// </summary>
public static class NumberCells
{
    // decimal holds 28 digits exactly; more would be rounded without a word.
    private const int MostDigits = 28;

    /// <summary>Reads an exact decimal number.</summary>
    /// <param name="text">The cell, without surrounding spaces.</param>
    /// <param name="sign">The file's decimal sign; null when not known.</param>
    /// <param name="value">The number, exact.</param>
    /// <param name="fault">Why there is no number.</param>
    public static bool TryDecimal(ReadOnlySpan<char> text, DecimalSign? sign, out decimal value, out CellFault? fault)
    {
        var shape = NumberShape.Of(text);
        fault = shape.Kind switch
        {
            NumberKind.None => NotANumber(text),
            NumberKind.Exponent => new CellFault(ImportCodes.DamagedBySpreadsheet, $"\"{Excerpt.Of(text)}\" was shortened by a spreadsheet program and digits are lost. Format the column as a number without exponent and save the file again."),
            NumberKind.Ambiguous when sign is null => new CellFault(ImportCodes.NumberAmbiguous, $"\"{Excerpt.Of(text)}\" can be read in two ways, with a decimal sign or with a thousands separator, and no other number in the file shows which. Say which decimal sign the file uses."),
            _ when sign is { } known && shape.DecimalSign is { } proven && proven != known => OtherSign(text, known),
            _ => null,
        };
        value = 0;
        if (fault is not null)
        {
            return false;
        }
        var decimalAt = shape.Kind == NumberKind.Ambiguous && shape.SignIfDecimal != sign ? -1 : shape.DecimalAt;
        fault = Parse(text, decimalAt, out value);
        return fault is null;
    }

    /// <summary>Reads a latitude or longitude: one comma or point is the decimal sign, there are no thousands.</summary>
    public static bool TryCoordinate(ReadOnlySpan<char> text, out decimal degrees, out CellFault? fault)
    {
        var shape = NumberShape.Of(text);
        degrees = 0;
        fault = shape.Kind switch
        {
            NumberKind.Decimal or NumberKind.Ambiguous or NumberKind.Whole when !shape.HasGroups => Parse(text, shape.DecimalAt, out degrees),
            _ => new CellFault(ImportCodes.NotANumber, $"\"{Excerpt.Of(text)}\" is not a coordinate. Write degrees as a decimal number, such as 50.4501 or 50,4501."),
        };
        return fault is null;
    }

    /// <summary>Reads a number a workbook stored, in invariant form, an exponent included.</summary>
    public static bool TryStored(ReadOnlySpan<char> text, out decimal value, out CellFault? fault)
    {
        fault = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? null : NotANumber(text);
        return fault is null;
    }

    internal static CellFault NotANumber(ReadOnlySpan<char> text) =>
        new(ImportCodes.NotANumber, $"\"{Excerpt.Of(text)}\" is not a number. Write digits only, without a unit.");

    private static CellFault OtherSign(ReadOnlySpan<char> text, DecimalSign known) =>
        new(ImportCodes.NotANumber, $"\"{Excerpt.Of(text)}\" does not fit the decimal {(known == DecimalSign.Comma ? "comma" : "point")} of this file's other numbers.");

    private static CellFault? Parse(ReadOnlySpan<char> text, int decimalAt, out decimal value)
    {
        Span<char> plain = stackalloc char[MostDigits + 2];
        int length = 0, digits = 0;
        value = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (i == decimalAt)
            {
                plain[length++] = '.';
            }
            else if (char.IsAsciiDigit(c) && (c != '0' || digits > 0 || decimalAt >= 0 && i > decimalAt))
            {
                if (++digits > MostDigits)
                {
                    return new CellFault(ImportCodes.NumberTooLong, $"\"{Excerpt.Of(text)}\" has more than {MostDigits} digits.");
                }
                plain[length++] = c;
            }
        }
        if (digits == 0)
        {
            return null;
        }
        value = decimal.Parse(plain[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        value = text[0] is '-' or '\u2212' ? -value : value;
        return null;
    }
}
