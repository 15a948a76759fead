using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee.Rules;

namespace MeterSync.Metering.Vee;

/// <summary>What a field device needs to warn before the agent saves: register values for one date, with the same limits as the rules.</summary>
/// <param name="LastValue">Value that use is counted from (the last actual one when an estimate follows it). Null without a past.</param>
/// <param name="LastAt">Its instant.</param>
/// <param name="At">Instant the limits hold for.</param>
/// <param name="LowValue">Values below are low use. Null when there is nothing to judge by.</param>
/// <param name="HighValue">Values above are high use and need a second entry. At or above 10^Digits it stands for a value after rollover. Null without a baseline.</param>
/// <param name="ExpectedValue">Value that expected use leads to; may be at or above 10^Digits as HighValue. Null without a baseline.</param>
/// <param name="Digits">Integer digits; null unknown.</param>
/// <param name="Decimals">Digits after the point; null unknown.</param>
/// <param name="MaximumUsePerDay">Highest plausible use per day in the register's unit, multiplied: decides between rollover and misreading. Null unknown.</param>
/// <param name="Multiplier">Use per register step.</param>
/// <param name="RunsBackwards">The register may count down: lower values are not questioned.</param>
public sealed record ExpectedLimits(
    decimal? LastValue,
    DateTimeOffset? LastAt,
    DateTimeOffset At,
    decimal? LowValue,
    decimal? HighValue,
    decimal? ExpectedValue,
    int? Digits,
    int? Decimals,
    decimal? MaximumUsePerDay,
    decimal Multiplier,
    bool RunsBackwards)
{
    /// <summary>Decimals of a limit where the register's own are unknown.</summary>
    private const int FreeDecimals = 6;

    /// <summary>Limits for a value read at <paramref name="at"/>. Never throws.</summary>
    /// <param name="type">Meter type.</param>
    /// <param name="register">Configuration of the day of <paramref name="at"/>.</param>
    /// <param name="history">Accepted periods, oldest first.</param>
    /// <param name="last">Last accepted value; the last actual one where the newest is an estimate. Null without one.</param>
    /// <param name="at">Instant the limits are for; a later one widens them.</param>
    /// <param name="typeMedianUsePerDay">Median of the type and region; null unknown.</param>
    /// <param name="parameters">Thresholds.</param>
    public static ExpectedLimits For(
        MeterType type,
        RegisterConfiguration register,
        IReadOnlyList<PeriodUse> history,
        PriorValue? last,
        DateTimeOffset at,
        decimal? typeMedianUsePerDay,
        VeeParameters parameters)
    {
        var limits = new ExpectedLimits(
            last?.Value, last?.At, at, null, null, null, register.Digits, register.Decimals, null, register.Multiplier, register.RunsBackwards);
        if (last is not PriorValue from || register.Kind is not RegisterKind.Cumulative || register.Multiplier <= 0m || from.At > at)
        {
            return limits;
        }

        try
        {
            var days = Math.Max(Consumption.DaysBetween(from.At, at), parameters.MinimumDays);
            var baselines = UseBaselines.For(history, from.At, at, typeMedianUsePerDay, parameters);
            var (low, high) = Values(
                register, from.Value, Assessment.LowUseOf(baselines, days, parameters), Assessment.HighUseOf(type, register, baselines, days, parameters));
            return limits with
            {
                LowValue = low,
                HighValue = high,
                ExpectedValue = baselines.Expected is decimal perDay ? Math.Round(from.Value + (perDay * days / register.Multiplier), GridDecimals(register)) : null,
                MaximumUsePerDay = PlausibleRate.MaximumUsePerDay(register, history, typeMedianUsePerDay, parameters),
            };
        }
        catch (OverflowException)
        {
            return limits;
        }
    }

    /// <summary>Rule ids a device can find before saving: VEE-101, 103, 104, 105, 106, 107; in order, empty when the value passes. VEE-105 asks
    /// for a second entry. What the field app does, word for word; checked by samples/vectors/vee.json on both sides. Never throws.</summary>
    public IReadOnlyList<string> WarningsFor(decimal value)
    {
        var capacity = Consumption.Capacity(Digits);
        var found = new List<string>();
        if (Multiplier <= 0m || (value < 0m && !RunsBackwards) || Math.Abs(value) >= capacity
            || (capacity is not null && Decimals is int decimals and >= 0 and <= 28 && Math.Round(value, decimals) != value))
        {
            found.Add(DigitsRule.RuleId);
        }

        if (LastValue is not decimal last || LastAt is not DateTimeOffset lastAt || RunsBackwards || Multiplier <= 0m)
        {
            return found;
        }

        if (Consumption.Between(last, value, Multiplier) is null)
        {
            return found is [] ? [DigitsRule.RuleId] : found;
        }

        var passed = value;
        if (value < last)
        {
            var plausible = Consumption.AcrossRollover(last, value, Digits, Multiplier) is decimal use
                && Consumption.PerDay(use, Consumption.DaysBetween(lastAt, At)) < MaximumUsePerDay;
            found.Add(plausible ? RolloverRule.RuleId : NegativeUseRule.RuleId);
            if (!plausible)
            {
                return found;
            }

            passed += capacity!.Value;
        }

        if (passed > HighValue)
        {
            found.Add(HighUseRule.RuleId);
        }
        else if (passed == last && ExpectedValue > last)
        {
            found.Add(ZeroUseRule.RuleId);
        }
        else if (passed < LowValue && passed != last)
        {
            found.Add(LowUseRule.RuleId);
        }

        return found;
    }

    internal static ExpectedUse? ExpectedOf(Assessment assessment)
    {
        if (assessment.Baselines.Expected is not decimal perDay || assessment.Baselines.Method is not ExpectedUseMethod method || !assessment.Judged.IsKnown)
        {
            return null;
        }

        var (low, high) = Values(assessment.Check.Register, assessment.Judged.From.Value, assessment.LowUse, assessment.HighUse);
        return new ExpectedUse(perDay, method, assessment.Baselines.SamePeriodLastYear, assessment.Baselines.RecentPeriods, low, high);
    }

    /// <summary>Limits of use as register values, rounded inwards to what the register can show, so that the test on values and the test on use agree.</summary>
    private static (decimal? Low, decimal? High) Values(RegisterConfiguration register, decimal from, decimal? lowUse, decimal? highUse)
    {
        var decimals = GridDecimals(register);
        return (
            lowUse is decimal low ? Math.Round(from + Divide(low, register.Multiplier), decimals, MidpointRounding.ToPositiveInfinity) : from,
            highUse is decimal high ? Math.Round(from + Divide(high, register.Multiplier), decimals, MidpointRounding.ToNegativeInfinity) : null);
    }

    private static decimal Divide(decimal use, decimal multiplier) => multiplier == 1m ? use : use / multiplier;

    private static int GridDecimals(RegisterConfiguration register) => register.Decimals is int decimals and >= 0 and <= 28 ? decimals : FreeDecimals;
}
