using System.Globalization;
using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>Numbers and instants as messages write them: one culture, no trailing zeros but where two decimals are the custom.</summary>
internal static class Words
{
    /// <summary>A register value or use, exact.</summary>
    public static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>Use with its unit.</summary>
    public static string Use(decimal use, RegisterConfiguration register) => $"{Number(use)} {register.Unit}";

    /// <summary>Use per day: two decimals, more where the number is small.</summary>
    public static string Rate(decimal rate) =>
        rate.ToString(Math.Abs(rate) >= 1m || rate == 0m ? "0.00" : "0.00##", CultureInfo.InvariantCulture);

    /// <summary>Days, two decimals.</summary>
    public static string Days(decimal days) => days.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Metres, whole.</summary>
    public static string Metres(double metres) => metres.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>UTC minute.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A multiple: "twice", "6 times".</summary>
    public static string Times(decimal factor) => factor == 2m ? "twice" : $"{Number(factor)} times";
}
