using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>Writes the two years of one meter: what it counted, what was read of it, and by whom.</summary>
internal static class DemoHistory
{
    private const int Last = DemoVisits.Months;

    /// <summary>From here on readings are by agents; older ones came from the system before.</summary>
    private const int FirstByAgent = 12;

    private const double DayShare = 0.66;

    /// <returns>Oldest first, and what the registers show at any later instant the climate knows.</returns>
    public static (IReadOnlyList<DemoReading> Readings, Func<DateTimeOffset, IReadOnlyList<decimal>> ShownAt) Of(string? demoCase, IReadOnlyList<DemoRegister> registers, DemoHabits habits, DemoClimate climate, DateTimeOffset[] visits, string agent, Random random)
    {
        var totals = Totals(demoCase, registers[0], UseBetweenVisits(demoCase, habits, climate, visits, random), random);
        var unreadMonth = random.NextDouble() < 0.34;
        var readings = new List<DemoReading>(visits.Length);
        for (var visit = 0; visit < visits.Length; visit++)
        {
            var isMissing = visit == Last ? unreadMonth : visit > 0 && random.NextDouble() < 0.03;
            var source = visit < FirstByAgent ? ReadingSource.Import : random.NextDouble() < 0.08 ? ReadingSource.Customer : ReadingSource.Manual;
            if (isMissing && !DemoCase.NeedsEveryVisit(demoCase))
            {
                continue;
            }

            readings.Add(new DemoReading(visits[visit], source, source == ReadingSource.Manual ? agent : null, Shown(registers, totals[visit]), null));
        }

        Tell(demoCase, registers[0], readings);
        return (readings, at => Shown(registers, totals[Last] + habits.Use(climate, visits[Last], at)));
    }

    private static decimal[] Shown(IReadOnlyList<DemoRegister> registers, double total) =>
        registers.Count == 2 ? [registers[0].Show(total * DayShare), registers[1].Show(total * (1 - DayShare))] : [registers[0].Show(total)];

    private static double[] UseBetweenVisits(string? demoCase, DemoHabits habits, DemoClimate climate, DateTimeOffset[] visits, Random random)
    {
        var use = new double[visits.Length];
        for (var visit = 1; visit < visits.Length; visit++)
        {
            var away = random.NextDouble() < 0.04 ? 0.6 : 1;
            var mood = Chance.Around(random, 0.1) * away;
            use[visit] = habits.Use(climate, visits[visit - 1], visits[visit]) * (DemoCase.NeedsEveryVisit(demoCase) ? 1 : mood);
        }

        for (var visit = Last - 2; visit <= Last; visit++)
        {
            use[visit] *= (demoCase, Last - visit) switch
            {
                (DemoCase.Leak, 2) => 1.35,
                (DemoCase.Leak, 1) => 1.7,
                (DemoCase.Leak, _) => 6,
                (DemoCase.OverEstimate, 2) => 0.35,
                (DemoCase.OverEstimate, 1) => 0.12,
                (DemoCase.ZeroUse, 1 or 0) => 0,
                _ => 1,
            };
        }

        if (demoCase is DemoCase.Inactive or DemoCase.UseOnInactive)
        {
            var moved = use[Last];
            Array.Clear(use);
            use[Last] = demoCase is DemoCase.UseOnInactive ? moved : 0;
        }

        return use;
    }

    private static double[] Totals(string? demoCase, DemoRegister register, double[] use, Random random)
    {
        var range = (double)(register.Range * register.Multiplier);
        var total = demoCase switch
        {
            DemoCase.Rollover => range - use.Take(16).Sum() + (use[15] / 2),
            // The first two digits of the value to misread differ, the larger one in front.
            DemoCase.Misread => (range * 0.5237) - use.Take(use.Length - 2).Sum(),
            _ => range * (0.01 + (0.2 * random.NextDouble())),
        };
        return [.. use.Select(step => total += step)];
    }

    private static void Tell(string? demoCase, DemoRegister register, List<DemoReading> readings)
    {
        var story = readings.Count - 3;
        switch (demoCase)
        {
            case DemoCase.OverEstimate:
                var ordinary = readings[story - 12].Values[0] - readings[story - 13].Values[0];
                var untilNext = readings[story + 1].Values[0] - readings[story - 1].Values[0];
                var guess = decimal.Round(readings[story - 1].Values[0] + Math.Max(ordinary * 1.3m, untilNext * 1.2m), register.Decimals);
                readings[story] = readings[story] with { Source = ReadingSource.Estimate, Agent = null, Values = [guess], Notes = "No access; estimated from last year" };
                readings[story + 1] = readings[story + 1] with { Notes = "Household was away for two months" };
                break;
            case DemoCase.SwappedMeter:
                readings[^1] = readings[^1] with { Values = [register.Show(14.25)], Notes = "Meter looks new" };
                break;
            case DemoCase.Misread:
                readings[story] = readings[story] with { Values = [Transposed(register, readings[story].Values[0])] };
                break;
            case DemoCase.Leak:
                readings[^1] = readings[^1] with { Notes = "Small wheel turns with all taps closed" };
                break;
        }
    }

    /// <summary>The value with its first two digits in each other's place.</summary>
    private static decimal Transposed(DemoRegister register, decimal value)
    {
        var (second, rest) = (register.Range / 100, value % (register.Range / 100));
        var firstTwo = (int)(value / second);
        return (((firstTwo % 10 * 10) + (firstTwo / 10)) * second) + rest;
    }
}
