using System.Globalization;
using NodaTime;

namespace MeterSync.Kernel.Tabular;

/// <summary>
/// Days as spreadsheet programs count them: from 1900, with a 29 February 1900 that never was (number 60), or from 1904; the time of day is the fraction.
/// </summary>
internal static class SerialDates
{
    private const decimal MostDays = 2_958_465; // 31 December 9999
    private const int InventedDay = 60;
    private const int DaysBetween = 1_462;
    private const long MillisecondsPerDay = 86_400_000;

    // 1954 to 2119: a plain number outside of these years is something else that slipped into the column, a year for example.
    private const int LeastPlausible = 20_000, MostPlausible = 80_000;

    private static readonly LocalDate s_zero = new(1899, 12, 30);

    /// <summary>Whether a stored number can be a day's number at all; 20250131 is none.</summary>
    public static bool IsOne(ReadOnlySpan<char> text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number <= MostDays;

    /// <summary>Reads a number that stands in a column of dates without being formatted as one.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, bool? from1904, out LocalDateCell value, out CellFault? fault)
    {
        value = default;
        fault = null;
        var number = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) + (from1904 == true ? DaysBetween : 0);
        if (from1904 is null || number < LeastPlausible || number >= MostPlausible)
        {
            fault = new CellFault(ImportCodes.SerialDate, $"\"{Excerpt.Of(text)}\" is a number, not a date. Format the column as a date (yyyy-mm-dd) and save the file again.");
            return false;
        }
        var local = Of(number)!.Value;
        value = new LocalDateCell(local.Date, local.TimeOfDay == LocalTime.Midnight ? null : local.TimeOfDay, null);
        return true;
    }

    /// <summary>The local time of a number, to the millisecond; null where there is none.</summary>
    /// <param name="number">Days.</param>
    /// <param name="from1904">Whether the workbook counts from 1904.</param>
    public static LocalDateTime? Of(decimal number, bool from1904)
    {
        if (number < 0 || number >= MostDays + 1)
        {
            return null;
        }
        return from1904 ? Of(number + DaysBetween) : decimal.Truncate(number) == InventedDay ? null : Of(number < InventedDay ? number + 1 : number);
    }

    /// <summary>The number of a UTC instant; null before 1 March 1900, which the programs count differently.</summary>
    public static double? NumberOf(DateTime time)
    {
        var days = (time - new DateTime(1899, 12, 30, 0, 0, 0, time.Kind)).TotalDays;
        return days > InventedDay ? days : null;
    }

    private static LocalDateTime? Of(decimal days)
    {
        // Binary fractions of days never hit a second exactly; what the program shows is the nearest one.
        var milliseconds = (long)decimal.Round(days * MillisecondsPerDay);
        if (milliseconds / MillisecondsPerDay > MostDays)
        {
            return null;
        }
        return (s_zero + Period.FromDays((int)(milliseconds / MillisecondsPerDay))).AtMidnight().PlusMilliseconds(milliseconds % MillisecondsPerDay);
    }
}
