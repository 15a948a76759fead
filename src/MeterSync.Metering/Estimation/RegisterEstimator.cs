using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;

namespace MeterSync.Metering.Estimation;

/// <summary>Estimates a cumulative register at an instant: same period last year x trend; else a straight line between the actual values
/// around it, or on from the recent periods; else the median of the type in the region, else of the type.</summary>
public static class RegisterEstimator
{
    /// <summary>Trend is kept between these: a house that changed hands is no reason to estimate ten times last year.</summary>
    public const decimal LowestTrend = 0.5m;

    private const int UseDecimals = 3;

    /// <inheritdoc cref="LowestTrend"/>
    public const decimal HighestTrend = 2m;

    /// <summary>Null when there is nothing to estimate from, the values around it contradict each other, the register is not a running total, or a decimal
    /// cannot hold the result. Never throws.</summary>
    public static RegisterEstimate? For(EstimateRequest request)
    {
        if (!CanBeEstimated(request) || IsContradicted(request))
        {
            return null;
        }

        try
        {
            var use = UseUntilNext(request);
            return LastYear(request, use) ?? BetweenActuals(request, use) ?? FromRecent(request, use) ?? FromMedian(request, use);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>On the straight line between the actual values around it, whatever else is known: how an estimate is made again once the truth arrived.
    /// Null without a next value, where the two contradict each other, for a register that may run backwards, or where a decimal cannot hold the result. Never throws.</summary>
    public static RegisterEstimate? Between(EstimateRequest request)
    {
        if (!CanBeEstimated(request) || request.Register.RunsBackwards || IsContradicted(request))
        {
            return null;
        }

        try
        {
            return BetweenActuals(request, UseUntilNext(request));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The value after is lower than the one before, and the register did not roll over at a use that its own past makes believable, as VEE-104 asks:
    /// one of the two is wrong or the register ran backwards, and nothing can be said of what lies between. Never throws.</summary>
    public static bool IsContradicted(EstimateRequest request) =>
        request.Next is { } next && next.At >= request.At && next.Value < request.From.Value && (request.NextIsNegative || !RolledOver(request, next));

    private static bool RolledOver(EstimateRequest request, PriorValue next)
    {
        var register = request.Register;
        return !register.RunsBackwards
            && Consumption.AcrossRollover(request.From.Value, next.Value, register.Digits, register.Multiplier) is decimal use
            && Consumption.PerDay(use, Consumption.DaysBetween(request.From.At, next.At)) is decimal rate
            && PlausibleRate.MaximumUsePerDay(register, request.History, null, request.Parameters) is decimal maximum && rate < maximum;
    }

    private static bool CanBeEstimated(EstimateRequest request) =>
        request.Register.Kind is RegisterKind.Cumulative && request.Register.Multiplier > 0m && request.At >= request.From.At;

    private static RegisterEstimate? LastYear(EstimateRequest request, decimal? ceiling)
    {
        var baselines = UseBaselines.For(request.History, request.From.At, request.At, null, request.Parameters);
        if (baselines.SamePeriodLastYear is not decimal year || year < 0m)
        {
            return null;
        }

        var (trend, measured) = Trend(request, baselines);
        var days = Consumption.DaysBetween(request.From.At, request.At);
        var use = Over(year * trend, days);

        // Past the next actual value last year is refuted; the straight line takes over.
        return use > ceiling ? null : Make(
            request,
            use,
            EstimationMethod.SamePeriodLastYear,
            [new("last_year_use_per_day", year), new("trend", trend), new("days", days)],
            $"{Words.Rate(year)} {request.Register.Unit} a day in the same period last year, times {Words.Rate(trend)} ({(measured ? "recent periods against the same a year before" : "no trend known")}), over {Words.Days(days)} days.");
    }

    private static RegisterEstimate? BetweenActuals(EstimateRequest request, decimal? useUntilNext)
    {
        if (useUntilNext is not decimal whole || request.Next is not PriorValue next || request.From.At >= next.At)
        {
            return null;
        }

        var (part, all) = (request.At.UtcTicks - request.From.At.UtcTicks, next.At.UtcTicks - request.From.At.UtcTicks);
        return Make(
            request,
            whole * part / all,
            EstimationMethod.Linear,
            [new("from_value", request.From.Value), new("next_value", next.Value), new("days", Consumption.DaysBetween(request.From.At, request.At)), new("days_until_next", Consumption.DaysBetween(request.From.At, next.At))],
            $"A straight line from {Words.Number(request.From.Value)} on {Words.Instant(request.From.At)} to {Words.Number(next.Value)} on {Words.Instant(next.At)}.");
    }

    private static RegisterEstimate? FromRecent(EstimateRequest request, decimal? ceiling) =>
        UseBaselines.For(request.History, request.From.At, request.At, null, request.Parameters).RecentPeriods is decimal recent and >= 0m
            ? AtRate(request, recent, ceiling, EstimationMethod.RecentPeriods, "recent_use_per_day", "of the last three periods")
            : null;

    private static RegisterEstimate? FromMedian(EstimateRequest request, decimal? ceiling) =>
        request.RegionMedianUsePerDay is decimal ofRegion and >= 0m
            ? AtRate(request, ofRegion, ceiling, EstimationMethod.RegionMedian, "region_median_use_per_day", "median of the meter's type in its region")
        : request.TypeMedianUsePerDay is decimal ofType and >= 0m
            ? AtRate(request, ofType, ceiling, EstimationMethod.TypeMedian, "type_median_use_per_day", "median of the meter's type")
            : null;

    private static RegisterEstimate? AtRate(EstimateRequest request, decimal perDay, decimal? ceiling, EstimationMethod method, string name, string words)
    {
        var days = Consumption.DaysBetween(request.From.At, request.At);
        return Make(
            request,
            Math.Min(Over(perDay, days), ceiling ?? decimal.MaxValue),
            method,
            [new(name, perDay), new("days", days)],
            $"{Words.Rate(perDay)} {request.Register.Unit} a day, {words}, over {Words.Days(days)} days.");
    }

    /// <summary>Rates are rounded: 3.333333 a day over 30 days is 100, and not a step less once it is cut to what the register shows.</summary>
    private static decimal Over(decimal perDay, decimal days) => Math.Round(perDay * days, UseDecimals);

    /// <summary>Recent use against the use of the same days a year before; 1 where either is unknown.</summary>
    private static (decimal Trend, bool Measured) Trend(EstimateRequest request, UseBaselines baselines)
    {
        var history = request.History;
        if (baselines.RecentPeriods is not decimal recent || recent < 0m || history.Count == 0)
        {
            return (1m, false);
        }

        var first = history[Math.Max(0, history.Count - 3)].Start;
        var before = UseBaselines.For(history, first, history[^1].End, null, request.Parameters).SamePeriodLastYear;
        return before is decimal year and > 0m
            ? (Math.Clamp(Math.Round(recent / year, 4), LowestTrend, HighestTrend), true)
            : (1m, false);
    }

    /// <summary>Use between the values around the estimate, which do not contradict each other; null without a next one.</summary>
    private static decimal? UseUntilNext(EstimateRequest request)
    {
        if (request.Next is not PriorValue next || next.At < request.At)
        {
            return null;
        }

        var register = request.Register;
        return next.Value >= request.From.Value
            ? Consumption.Between(request.From.Value, next.Value, register.Multiplier)
            : Consumption.AcrossRollover(request.From.Value, next.Value, register.Digits, register.Multiplier);
    }

    private static RegisterEstimate Make(
        EstimateRequest request, decimal use, EstimationMethod method, IReadOnlyList<EstimationInput> inputs, string explanation)
    {
        var register = request.Register;
        var decimals = register.Decimals is int known and >= 0 and <= 28 ? known : 3;
        var value = Math.Round(request.From.Value + (use / register.Multiplier), decimals, MidpointRounding.ToNegativeInfinity);
        value = Math.Max(value, request.From.Value);
        var consumption = (value - request.From.Value) * register.Multiplier;
        if (Consumption.Capacity(register.Digits) is decimal capacity && value >= capacity)
        {
            value %= capacity;
        }

        return new RegisterEstimate(value, request.At, consumption, method, inputs, explanation);
    }
}
