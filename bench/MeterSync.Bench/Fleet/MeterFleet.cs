namespace MeterSync.Bench.Fleet;

/// <summary>The generated meters and their monthly readings: the same seed gives the same fleet, so the driver knows every right answer.
/// One reading in a hundred is a misread below its predecessor, which a validating server holds.</summary>
internal sealed class MeterFleet
{
    private const double MisreadShare = 0.01;

    private MeterFleet(FleetMeter[] meters, int months, DateTimeOffset firstMonth)
    {
        Meters = meters;
        Months = months;
        FirstMonth = firstMonth;
        Timestamps = new DateTimeOffset[meters.Length * months];
        ValuesScaled = new long[meters.Length * months];
        IsMisread = new bool[meters.Length * months];
    }

    public FleetMeter[] Meters { get; }

    /// <summary>Readings a meter: one in each month.</summary>
    public int Months { get; }

    public DateTimeOffset FirstMonth { get; }

    /// <summary>By meter index x <see cref="Months"/> + month.</summary>
    public DateTimeOffset[] Timestamps { get; }

    public long[] ValuesScaled { get; }

    public bool[] IsMisread { get; }

    /// <param name="meterCount">Number of meters.</param>
    /// <param name="months">Readings a meter.</param>
    /// <param name="endMonth">First instant of the month after the last reading.</param>
    /// <param name="seed">Seed of every random choice.</param>
    public static MeterFleet Create(int meterCount, int months, DateTimeOffset endMonth, int seed)
    {
        var random = new Random(seed);
        var meters = new FleetMeter[meterCount];
        for (var i = 0; i < meterCount; i++)
            meters[i] = FleetMeter.Create(i, random);
        var fleet = new MeterFleet(meters, months, endMonth.AddMonths(-months));
        foreach (var meter in meters)
            fleet.FillReadings(meter, random);
        return fleet;
    }

    public static MeterFleet FromOptions(Options options)
    {
        var end = DateTimeOffset.Parse(options.Text("end-month") + "-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        return Create(options.Number("meters", 10_000), options.Number("months", 100), end, options.Number("seed", 20));
    }

    /// <summary>How many readings fit the filter; null means any. <paramref name="to"/> is exclusive.</summary>
    public int Count(int? meter, DateTimeOffset? from, DateTimeOffset? to, bool heldOnly)
    {
        var start = meter is { } one ? one * Months : 0;
        var end = meter is { } ? start + Months : Timestamps.Length;
        var count = 0;
        for (var i = start; i < end; i++)
        {
            if ((from is null || Timestamps[i] >= from) && (to is null || Timestamps[i] < to) && (!heldOnly || IsMisread[i]))
                count++;
        }
        return count;
    }

    private void FillReadings(FleetMeter meter, Random random)
    {
        var value = (double)meter.StartScaled;
        var accepted = meter.StartScaled;
        var previousDays = -30.0;
        for (var month = 0; month < Months; month++)
        {
            var at = meter.Index * Months + month;
            var start = FirstMonth.AddMonths(month);
            Timestamps[at] = start.AddDays(meter.ReadingDay - 1).AddSeconds(random.Next(8 * 3600, 17 * 3600));
            var days = (Timestamps[at] - FirstMonth).TotalDays;
            var season = 1 + (meter.Swing * Math.Cos((start.Month - 1) * Math.PI / 6));
            value += meter.DailyScaled * (days - previousDays) * season * (0.85 + (0.3 * random.NextDouble()));
            previousDays = days;
            var misread = month > 1 && month < Months - 2 && !IsMisread[at - 1] && random.NextDouble() < MisreadShare;
            IsMisread[at] = misread;
            ValuesScaled[at] = misread ? Math.Max(0, accepted - 1 - random.Next((int)(meter.DailyScaled * 20) + 1)) : (long)value;
            if (!misread)
                accepted = (long)value;
        }
    }
}
