namespace MeterSync.Metering.Registers;

/// <summary>Register arithmetic: two values to use, use to a daily rate. Exact in decimal; what a decimal cannot hold gives null and never throws.</summary>
public static class Consumption
{
    private const long TicksPerHundredthDay = TimeSpan.TicksPerDay / 100;

    /// <summary>Decimals kept of a daily rate; half-even.</summary>
    public const int RateDecimals = 6;

    private static readonly decimal[] Powers = BuildPowers();

    /// <summary>10^digits, the value a register of that many integer digits never shows. Null outside 0 to 28.</summary>
    public static decimal? Capacity(int? digits) => digits is int d and >= 0 and <= 28 ? Powers[d] : null;

    /// <summary>Days from start to end, two decimals, half-even. Negative when end comes first.</summary>
    public static decimal DaysBetween(DateTimeOffset start, DateTimeOffset end)
    {
        var (hundredths, rest) = Math.DivRem(end.UtcTicks - start.UtcTicks, TicksPerHundredthDay);
        var twice = Math.Abs(rest) * 2;
        if (twice > TicksPerHundredthDay || (twice == TicksPerHundredthDay && hundredths % 2 != 0))
        {
            hundredths += rest < 0 ? -1 : 1;
        }

        var magnitude = Math.Abs(hundredths);
        return new decimal((int)(magnitude & 0xFFFFFFFF), (int)(magnitude >> 32), 0, hundredths < 0, 2);
    }

    /// <summary>C = (R1 - R0) x M in the register's unit; below zero when the value fell. Null when a decimal cannot hold it.</summary>
    public static decimal? Between(decimal earlier, decimal later, decimal multiplier)
    {
        try
        {
            return multiplier == 1m ? later - earlier : (later - earlier) * multiplier;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>C = (10^digits - R0 + R1) x M. Null unless 0 &lt;= R1 &lt; R0 &lt; 10^digits, digits are 0 to 28 and a decimal can hold the result.</summary>
    public static decimal? AcrossRollover(decimal earlier, decimal later, int? digits, decimal multiplier)
    {
        if (Capacity(digits) is not decimal capacity || later < 0m || later >= earlier || earlier >= capacity)
        {
            return null;
        }

        return Between(earlier - later, capacity, multiplier);
    }

    /// <summary>ADU = C / days, six decimals, half-even. Null when days are not above zero or a decimal cannot hold it.</summary>
    public static decimal? PerDay(decimal consumption, decimal days)
    {
        if (days <= 0m)
        {
            return null;
        }

        try
        {
            return Math.Round(consumption / days, RateDecimals);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal[] BuildPowers()
    {
        var powers = new decimal[29];
        powers[0] = 1m;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10m;
        }

        return powers;
    }
}
