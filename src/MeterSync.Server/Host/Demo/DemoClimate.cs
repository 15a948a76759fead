namespace MeterSync.Host.Demo;

/// <summary>
/// The seasons of the demo's two years, summed day by day from <see cref="Start"/>: heating degree days under 17 °C of a coast with a mean of
/// 9.2 °C, darkness for lamps, and summer for gardens.
/// </summary>
internal sealed class DemoClimate
{
    private const double HeatingLimitCelsius = 17;
    private const double MeanCelsius = 9.2;
    private const double SwingCelsius = 8.4;
    private const int ColdestDayOfYear = 28;
    private readonly double[] heating;
    private readonly double[] light;
    private readonly double[] garden;

    public DemoClimate(int seed, DateOnly start, int days)
    {
        Start = new DateTimeOffset(start, TimeOnly.MinValue, TimeSpan.Zero);
        (heating, light, garden) = (new double[days + 1], new double[days + 1], new double[days + 1]);
        var random = new Random(seed);
        double weather = 0;
        for (var day = 0; day < days; day++)
        {
            var angle = 2 * Math.PI * (start.AddDays(day).DayOfYear - ColdestDayOfYear) / 365.25;
            weather = (0.8 * weather) + (1.8 * Chance.Normal(random));
            heating[day + 1] = heating[day] + Math.Max(0, HeatingLimitCelsius - (MeanCelsius - (SwingCelsius * Math.Cos(angle)) + weather));
            light[day + 1] = light[day] + 1 + (0.2 * Math.Cos(angle + 0.5));
            garden[day + 1] = garden[day] + Math.Max(0, -Math.Cos(angle) - 0.4);
        }
    }

    /// <summary>First instant known, inclusive.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>Degree days, days weighted by darkness, and days weighted by summer, from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive).</summary>
    public (double Heating, double Light, double Garden) Between(DateTimeOffset from, DateTimeOffset to) =>
        (At(heating, to) - At(heating, from), At(light, to) - At(light, from), At(garden, to) - At(garden, from));

    private double At(double[] sums, DateTimeOffset instant)
    {
        var days = (instant - Start).TotalDays;
        var whole = (int)days;
        return sums[whole] + ((days - whole) * (sums[Math.Min(whole + 1, sums.Length - 1)] - sums[whole]));
    }
}

internal static class Chance
{
    /// <summary>A draw from the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A seed for one of many streams: neighbouring seeds would begin alike.</summary>
    public static int Mixed(int seed, int stream) => unchecked((int)((uint)((seed * 31) + stream + 1) * 0x9E37_79B1u));

    /// <summary>A factor around 1, lognormal.</summary>
    public static double Around(Random random, double deviation) => Math.Exp(Normal(random) * deviation);
}
