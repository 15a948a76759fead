using MeterSync.Metering.Vee;

namespace MeterSync.Metering.Registers;

/// <summary>The highest use per day that is believed of a register: decides between rollover and misreading, and what two check-reads may differ by.</summary>
public static class PlausibleRate
{
    /// <summary>
    /// In this order: the rated maximum when known; 5 x the 95th percentile (nearest rank) of the average daily use of past periods; with
    /// no usable past period 10 x the median of the meter's type and region; null when nothing is known, and then no rollover is believed:
    /// a person decides. Factors are <see cref="VeeParameters"/>. In the register's unit per day, multiplied.
    /// </summary>
    public static decimal? MaximumUsePerDay(
        RegisterConfiguration register, IReadOnlyList<PeriodUse> history, decimal? typeMedianUsePerDay, VeeParameters parameters)
    {
        if (register.MaximumUsePerDay is decimal rated and > 0m)
        {
            return rated;
        }

        try
        {
            return Percentile95(history) is decimal percentile
                ? percentile * parameters.RolloverHistoryFactor
                : typeMedianUsePerDay * parameters.RolloverMedianFactor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal? Percentile95(IReadOnlyList<PeriodUse> history)
    {
        var rates = new decimal[history.Count];
        var count = 0;
        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].CountsAsHistory)
            {
                rates[count++] = Math.Abs(history[i].AverageDailyUse!.Value);
            }
        }

        if (count == 0)
        {
            return null;
        }

        Array.Sort(rates, 0, count);
        return rates[((count * 95) + 99) / 100 - 1];
    }
}
