using NodaTime;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Reads dates: ISO 8601 (also with a space for T, and 20250131), dd.mm.yyyy, and dates with slashes or dashes in the
/// order the file uses; with or without a time, and with an offset after an ISO time.
/// </summary>
public static class DateCells
{
    /// <summary>Years read, inclusive; others are slips of the keyboard.</summary>
    public const int FirstYear = 1900, LastYear = 2199;

    /// <summary>Reads a date with or without a time.</summary>
    /// <param name="text">The cell, without surrounding spaces.</param>
    /// <param name="order">The file's order of day and month; null when its dates contradict each other.</param>
    public static bool TryRead(ReadOnlySpan<char> text, DateOrder? order, out LocalDateCell value, out CellFault? fault)
    {
        value = default;
        if (!TrySplit(text, out var parts))
        {
            fault = IsSerial(text) ? Serial(text) : NotADate(text);
            return false;
        }
        var (year, month, day) = (parts.Year, parts.First, parts.Second);
        if (!parts.YearFirst)
        {
            var dayFirst = parts.Separator == '.' ? DateOrder.DayFirst : order ?? Settle(parts);
            if (dayFirst is null)
            {
                fault = new CellFault(ImportCodes.DateAmbiguous, $"\"{Excerpt.Of(text)}\" can be read with the day or with the month first, and the file has both kinds. Write dates as yyyy-mm-dd.");
                return false;
            }
            (day, month) = dayFirst == DateOrder.DayFirst ? (parts.First, parts.Second) : (parts.Second, parts.First);
        }
        fault = parts.YearDigits == 2 ? new CellFault(ImportCodes.TwoDigitYear, $"\"{Excerpt.Of(text)}\" has a year of two digits. Write all four.")
            : month is < 1 or > 12 ? BadMonth(text, parts, order)
            : year is < FirstYear or > LastYear ? new CellFault(ImportCodes.DateOutOfRange, $"\"{Excerpt.Of(text)}\" lies outside the years {FirstYear} to {LastYear}.")
            : day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month) ? new CellFault(ImportCodes.NotADate, $"\"{Excerpt.Of(text)}\" is a day that month does not have.")
            : null;
        if (fault is not null)
        {
            return false;
        }
        if (!TimeCells.TryRead(text[parts.Length..], parts.YearFirst, out var time, out var offset))
        {
            fault = NotADate(text);
            return false;
        }
        value = new LocalDateCell(new LocalDate(year, month, day), time, offset);
        return true;
    }

    /// <summary>What a date says about the order of day and month in its file.</summary>
    internal static DateEvidence EvidenceOf(ReadOnlySpan<char> text)
    {
        if (!TrySplit(text, out var parts) || parts.YearFirst || parts.Separator == '.' || parts.YearDigits != 4)
        {
            return DateEvidence.None;
        }
        return (parts.First, parts.Second) switch
        {
            ( > 12 and <= 31, >= 1 and <= 12) => DateEvidence.DayFirst,
            ( >= 1 and <= 12, > 12 and <= 31) => DateEvidence.MonthFirst,
            var (first, second) when first != second => DateEvidence.Either,
            _ => DateEvidence.None,
        };
    }

    private static DateOrder? Settle(in DateParts parts) =>
        parts.First > 12 || parts.First == parts.Second ? DateOrder.DayFirst : parts.Second > 12 ? DateOrder.MonthFirst : null;

    private static CellFault NotADate(ReadOnlySpan<char> text) =>
        new(ImportCodes.NotADate, $"\"{Excerpt.Of(text)}\" is not a date. Write it as yyyy-mm-dd, or yyyy-mm-dd hh:mm with a time.");

    private static CellFault BadMonth(ReadOnlySpan<char> text, in DateParts parts, DateOrder? order) =>
        !parts.YearFirst && parts.Separator != '.' && order is { } taken && Settle(parts) is { } other && other != taken && Math.Min(parts.First, parts.Second) >= 1 && Math.Max(parts.First, parts.Second) <= 31
            ? new CellFault(ImportCodes.DateOrderContradicted, $"\"{Excerpt.Of(text)}\" can only have the {(taken == DateOrder.DayFirst ? "month" : "day")} first, but this file's dates were taken with the {(taken == DateOrder.DayFirst ? "day" : "month")} first. Say which order the file uses and import it again.")
            : new CellFault(ImportCodes.NotADate, $"\"{Excerpt.Of(text)}\" has no month between 1 and 12.");

    private static bool IsSerial(ReadOnlySpan<char> text)
    {
        // 1954 to 2119 in the day count of spreadsheets: plain five-digit numbers are hardly anything else in a date column.
        var sign = text.IndexOfAny('.', ',');
        var whole = sign < 0 ? text : text[..sign];
        return whole.Length == 5 && int.TryParse(whole, System.Globalization.NumberStyles.None, null, out var days) && days is >= 20_000 and < 80_000
            && (sign < 0 || !text[(sign + 1)..].ContainsAnyExceptInRange('0', '9'));
    }

    private static CellFault Serial(ReadOnlySpan<char> text) =>
        new(ImportCodes.SerialDate, $"\"{Excerpt.Of(text)}\" is a spreadsheet's internal day number. Format the column as a date (yyyy-mm-dd) and save the file again.");

    internal readonly record struct DateParts(bool YearFirst, char Separator, int Year, int YearDigits, int First, int Second, int Length);

    private static bool TrySplit(ReadOnlySpan<char> text, out DateParts parts)
    {
        parts = default;
        var at = 0;
        var digits = Digits(text, ref at, out var first);
        if (digits == 8 && (at == text.Length || text[at] is 'T' or ' '))
        {
            parts = new DateParts(true, '\0', first / 10_000, 4, first / 100 % 100, first % 100, at);
            return true;
        }
        if (digits is 0 or 3 or > 4 || at >= text.Length || text[at] is not ('-' or '/' or '.'))
        {
            return false;
        }
        var separator = text[at++];
        var secondDigits = Digits(text, ref at, out var second);
        if (secondDigits is 0 or > 2 || at >= text.Length || text[at++] != separator)
        {
            return false;
        }
        var thirdDigits = Digits(text, ref at, out var third);
        if (digits == 4)
        {
            parts = new DateParts(true, separator, first, 4, second, third, at);
            return thirdDigits is 1 or 2;
        }
        parts = new DateParts(false, separator, third, thirdDigits, first, second, at);
        return thirdDigits is 2 or 4;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int at, out int value)
    {
        var start = at;
        value = 0;
        while (at < text.Length && at - start < 9 && char.IsAsciiDigit(text[at]))
        {
            value = (value * 10) + (text[at++] - '0');
        }
        return at - start;
    }
}
