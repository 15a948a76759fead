namespace MeterSync.Host.Demo;

/// <summary>When a meter was visited: once a month for two years, the last time a few days before the end.</summary>
internal static class DemoVisits
{
    public const int Months = 24;

    /// <summary>Days over which one month's round is spread.</summary>
    public const int RoundDays = 10;

    /// <summary>Days from the last round's end to today.</summary>
    private const int QuietDays = 2;

    /// <summary>First day that any visit can fall on.</summary>
    public static DateOnly FirstDay(DateTimeOffset end) => LastDay(end).AddMonths(-Months).AddDays(-RoundDays - 2);

    /// <summary>The instants of visit 0 to <see cref="Months"/>, oldest first.</summary>
    /// <param name="end">Now.</param>
    /// <param name="roundDay">The day of the round the meter is read on, 0 to <see cref="RoundDays"/> - 1.</param>
    /// <param name="random">Moves days and hours.</param>
    public static DateTimeOffset[] Of(DateTimeOffset end, int roundDay, Random random)
    {
        var visits = new DateTimeOffset[Months + 1];
        for (var month = 0; month <= Months; month++)
        {
            var late = random.Next(-1, 2);
            var day = LastDay(end).AddMonths(month - Months).AddDays(-roundDay - 1 + late);
            var time = new TimeOnly(random.Next(7, 15), random.Next(60));
            visits[month] = new DateTimeOffset(day, time, TimeSpan.Zero);
        }

        return visits;
    }

    private static DateOnly LastDay(DateTimeOffset end) => DateOnly.FromDateTime(end.UtcDateTime).AddDays(-QuietDays);
}
