using MeterSync.Metering.Vee;

namespace MeterSync.Metering.Registers;

/// <summary>Where an expected daily use comes from.</summary>
public enum ExpectedUseMethod
{
    SamePeriodLastYear,
    RecentPeriods,
    TypeMedian,
}

/// <summary>What past periods say about the use per day to expect. All in the register's unit per day.</summary>
/// <param name="SamePeriodLastYear">Use per day 365 days before the period. Null when less than half of it is known.</param>
/// <param name="RecentPeriods">Use per day over the last three periods (more when they are short, fewer when there are fewer), weighted by days. Null without a past.</param>
/// <param name="TypeMedian">Median of the meter's type and region. Null when unknown.</param>
public readonly record struct UseBaselines(decimal? SamePeriodLastYear, decimal? RecentPeriods, decimal? TypeMedian)
{
    private const long YearTicks = 365 * TimeSpan.TicksPerDay;

    /// <summary>Same period last year, else the recent periods, else the type median; null when none is known.</summary>
    public decimal? Expected => SamePeriodLastYear ?? RecentPeriods ?? TypeMedian;

    /// <summary>Which of the three <see cref="Expected"/> is; null when it is null.</summary>
    public ExpectedUseMethod? Method =>
        SamePeriodLastYear is not null ? ExpectedUseMethod.SamePeriodLastYear
        : RecentPeriods is not null ? ExpectedUseMethod.RecentPeriods
        : TypeMedian is not null ? ExpectedUseMethod.TypeMedian
        : null;

    /// <summary>Baselines for the period from <paramref name="start"/> (inclusive) to <paramref name="end"/> (exclusive). History is oldest first.</summary>
    public static UseBaselines For(
        IReadOnlyList<PeriodUse> history, DateTimeOffset start, DateTimeOffset end, decimal? typeMedianUsePerDay, VeeParameters parameters) =>
        history.Count == 0
            ? new UseBaselines(null, null, typeMedianUsePerDay)
            : new UseBaselines(LastYear(history, start, end, parameters), Recent(history, parameters), typeMedianUsePerDay);

    /// <summary>Highest use per day that passes without question, before floors: 2 x the greater baseline where both exist, else a factor of
    /// the one that exists (by meter type when the past is shorter than a year: heating starts every autumn). Null without a baseline.</summary>
    /// <exception cref="OverflowException">Baselines beyond what a decimal can scale.</exception>
    public decimal? HighUsePerDay(MeterType type, VeeParameters parameters) => (SamePeriodLastYear, RecentPeriods) switch
    {
        (decimal year, decimal recent) => parameters.HighUseFactor * Math.Max(Math.Abs(year), Math.Abs(recent)),
        (decimal year, null) => parameters.HighUseFactor * Math.Abs(year),
        (null, decimal recent) => parameters.FirstYearHighUseFactor.Of(type) * Math.Abs(recent),
        _ => null,
    };

    private static decimal? LastYear(IReadOnlyList<PeriodUse> history, DateTimeOffset start, DateTimeOffset end, VeeParameters parameters)
    {
        var (from, to) = (start.UtcTicks - YearTicks, end.UtcTicks - YearTicks);
        var missing = (parameters.BaselineMinimumDays * TimeSpan.TicksPerDay) - (to - from);
        if (missing > 0)
        {
            (from, to) = (from - (missing / 2), to + (missing / 2));
        }

        long covered = 0;
        var sum = 0m;
        PeriodUse? only = null;
        var count = 0;
        for (var i = FirstEndingAfter(history, from); i < history.Count && history[i].Start.UtcTicks < to; i++)
        {
            var period = history[i];
            var overlap = Math.Min(to, period.End.UtcTicks) - Math.Max(from, period.Start.UtcTicks);
            if (overlap <= 0 || !period.CountsAsHistory)
            {
                continue;
            }

            only = count++ == 0 ? period : null;
            covered += overlap;
            sum += period.AverageDailyUse!.Value * overlap;
        }

        if (covered == 0 || covered * 100m < (to - from) * parameters.MinimumLastYearCoveragePercent)
        {
            return null;
        }

        return only is not null ? only.AverageDailyUse : Math.Round(sum / covered, Consumption.RateDecimals);
    }

    private static decimal? Recent(IReadOnlyList<PeriodUse> history, VeeParameters parameters)
    {
        decimal use = 0m, days = 0m;
        var periods = 0;
        for (var i = history.Count - 1; i >= 0 && (periods < 3 || days < parameters.BaselineMinimumDays); i--)
        {
            if (history[i].CountsAsHistory)
            {
                use += history[i].Consumption;
                days += history[i].Days;
                periods++;
            }
        }

        return periods == 0 ? null : Consumption.PerDay(use, days);
    }

    private static int FirstEndingAfter(IReadOnlyList<PeriodUse> history, long ticks)
    {
        int low = 0, high = history.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (history[middle].End.UtcTicks > ticks)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
