using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>What the counter did between two values.</summary>
public enum CounterMove
{
    /// <summary>Not a running total, or nothing to count from.</summary>
    None,
    Forward,
    RolledOver,

    /// <summary>The value fell, and neither a rollover nor an over-estimate explains it.</summary>
    Negative,

    /// <summary>A decimal cannot hold the result, or the multiplier is not above zero.</summary>
    Uncomputable,
}

/// <summary>Use of one register between an earlier and a later value, with the reading of what the counter did.</summary>
/// <param name="Move">What the counter did.</param>
/// <param name="From">The value counted from.</param>
/// <param name="Consumption">Use in the register's unit; 0 when <see cref="Move"/> is None or Uncomputable.</param>
/// <param name="Days">Days, two decimals.</param>
/// <param name="VoidsEstimate">Counted from the last actual value because the estimate after it was too high.</param>
public readonly record struct CounterUse(CounterMove Move, PriorValue From, decimal Consumption, decimal Days, bool VoidsEstimate)
{
    /// <summary>Whether the use can be compared with other use.</summary>
    public bool IsKnown => Move is CounterMove.Forward or CounterMove.RolledOver;

    /// <summary>Use of the value being checked since the accepted value before it.</summary>
    internal static CounterUse SincePrevious(Assessment assessment)
    {
        var check = assessment.Check;
        if (assessment.Previous is not PriorValue previous || !assessment.IsCumulative)
        {
            return default;
        }

        if (previous.IsEstimate && check.LastActual is PriorValue actual && actual.At <= previous.At && !check.Register.RunsBackwards)
        {
            var estimateRolledOver = previous.Value < actual.Value;
            if (estimateRolledOver ? check.Value < previous.Value || check.Value >= actual.Value : check.Value < previous.Value && check.Value >= actual.Value)
            {
                var sinceActual = Between(assessment, actual, check.Value, check.ReadingAt);
                if (sinceActual.IsKnown)
                {
                    return sinceActual with { VoidsEstimate = true };
                }
            }
        }

        return Between(assessment, previous, check.Value, check.ReadingAt);
    }

    /// <summary>Use from one value to a later one.</summary>
    internal static CounterUse Between(Assessment assessment, PriorValue from, decimal laterValue, DateTimeOffset at)
    {
        var register = assessment.Check.Register;
        var days = Registers.Consumption.DaysBetween(from.At, at);
        if (register.Multiplier <= 0m || Registers.Consumption.Between(from.Value, laterValue, register.Multiplier) is not decimal straight)
        {
            return new CounterUse(CounterMove.Uncomputable, from, 0m, days, false);
        }

        if (register.RunsBackwards)
        {
            return EitherWay(assessment, from, laterValue, straight, days);
        }

        if (straight >= 0m)
        {
            return new CounterUse(CounterMove.Forward, from, straight, days, false);
        }

        return Registers.Consumption.AcrossRollover(from.Value, laterValue, register.Digits, register.Multiplier) is decimal rolled
            && IsPlausible(assessment, rolled, days)
            ? new CounterUse(CounterMove.RolledOver, from, rolled, days, false)
            : new CounterUse(CounterMove.Negative, from, straight, days, false);
    }

    /// <summary>A register that may turn either way went the shorter way round its dial.</summary>
    private static CounterUse EitherWay(Assessment assessment, PriorValue from, decimal laterValue, decimal straight, decimal days)
    {
        var register = assessment.Check.Register;
        var asRead = new CounterUse(CounterMove.Forward, from, straight, days, false);
        if (Registers.Consumption.Capacity(register.Digits) is not decimal capacity
            || Registers.Consumption.Between(Math.Min(from.Value, laterValue), Math.Max(from.Value, laterValue), 1m) is not decimal way
            || way <= capacity / 2m || way >= capacity)
        {
            return asRead;
        }

        var round = Registers.Consumption.Between(0m, laterValue < from.Value ? capacity - way : way - capacity, register.Multiplier);
        return round is not decimal use ? asRead
            : IsPlausible(assessment, Math.Abs(use), days) ? new CounterUse(CounterMove.RolledOver, from, use, days, false)
            : new CounterUse(CounterMove.Negative, from, straight, days, false);
    }

    private static bool IsPlausible(Assessment assessment, decimal use, decimal days) =>
        Registers.Consumption.PerDay(use, days) is decimal rate && assessment.MaximumUsePerDay is decimal maximum && rate < maximum;
}
