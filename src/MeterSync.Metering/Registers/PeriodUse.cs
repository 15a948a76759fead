namespace MeterSync.Metering.Registers;

/// <summary>Use between two accepted values of one register. Start inclusive, end exclusive.</summary>
/// <param name="Start">Instant of the earlier value.</param>
/// <param name="End">Instant of the later value.</param>
/// <param name="Consumption">Use in the register's unit, multiplied; below zero only for registers that run backwards.</param>
/// <param name="Days">Length in days, two decimals.</param>
/// <param name="AverageDailyUse">Use per day, six decimals. Null when the period has no length.</param>
/// <param name="Quality">Quality of the value that ends the period.</param>
/// <param name="Flags">Rule ids found on that value; empty when none.</param>
public sealed record PeriodUse(
    DateTimeOffset Start,
    DateTimeOffset End,
    decimal Consumption,
    decimal Days,
    decimal? AverageDailyUse,
    Quality Quality,
    IReadOnlyList<string> Flags)
{
    /// <summary>A period with its days and average daily use computed.</summary>
    public static PeriodUse Of(DateTimeOffset start, DateTimeOffset end, decimal consumption, Quality quality = Quality.Valid, IReadOnlyList<string>? flags = null)
    {
        var days = Registers.Consumption.DaysBetween(start, end);
        return new PeriodUse(start, end, consumption, days, Registers.Consumption.PerDay(consumption, days), quality, flags ?? []);
    }

    /// <summary>Whether the period says something about how this customer uses energy or water.</summary>
    internal bool CountsAsHistory => AverageDailyUse is not null && Quality is not (Quality.Suspect or Quality.Rejected);
}
