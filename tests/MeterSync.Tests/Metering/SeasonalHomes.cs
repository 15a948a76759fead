using MeterSync.Metering;
using MeterSync.Metering.Registers;

namespace MeterSync.Tests.Metering;

/// <summary>Monthly register values of ordinary homes: a season, a size, and the unrest of people, from a fixed seed.</summary>
internal static class SeasonalHomes
{
    private static readonly double[] Heating = [5.2, 4.6, 3.6, 2.2, 1.1, 0.4, 0.2, 0.2, 0.7, 2.0, 3.6, 4.8];
    private static readonly double[] Lighting = [1.25, 1.2, 1.05, 0.95, 0.9, 0.85, 0.85, 0.85, 0.9, 1.0, 1.1, 1.2];
    private static readonly double[] Garden = [0, 0, 0, 0.1, 0.3, 0.6, 0.8, 0.7, 0.3, 0, 0, 0];

    internal static RegisterConfiguration Register(MeterType type) => new()
    {
        Quantity = UnitsAndFloors.DefaultQuantity(type),
        Unit = UnitsAndFloors.DefaultUnit(type),
        Digits = 6,
        Decimals = type is MeterType.Heat ? 2 : 0,
    };

    /// <summary>Reading instants and values of one home over the months given, first one at the start.</summary>
    internal static IEnumerable<(DateTimeOffset At, decimal Value)> Readings(MeterType type, int seed, int months)
    {
        var random = new Random(seed);
        var size = Math.Exp(Gauss(random) * 0.5);
        var start = new DateTimeOffset(2021, 1 + random.Next(12), 3, 9, 0, 0, TimeSpan.Zero);
        var heatPump = type is MeterType.Electric && random.NextDouble() < 0.15;
        var garden = random.NextDouble() < 0.4;
        var hotWater = random.NextDouble() < 0.2 ? 0.05 : 1;
        var cooled = type is MeterType.Electric && random.NextDouble() < 0.3;
        var register = (double)random.Next(1000, 90_000);
        var at = start;
        yield return (at, Rounded(type, register));
        for (var month = 1; month <= months; month++)
        {
            var mood = Math.Exp(Gauss(random) * 0.12) * (random.NextDouble() < 0.06 ? 0.5 : 1);
            var next = start.AddMonths(month).AddDays(random.Next(-3, 4)).AddHours(random.Next(-4, 5));
            for (var day = at; day < next; day = day.AddDays(1))
            {
                register += Daily(type, day.Month - 1, heatPump, garden, hotWater, cooled) * size * mood * Math.Min(1, (next - day).TotalDays)
                    * Math.Max(0.1, 1 + (Gauss(random) * 0.3));
            }

            at = next;
            yield return (at, Rounded(type, register));
        }
    }

    private static double Daily(MeterType type, int month, bool heatPump, bool garden, double hotWater, bool cooled) => type switch
    {
        MeterType.Water => 0.33 * (1 + (garden ? Garden[month] : 0)),
        MeterType.Gas => (0.4 * hotWater) + (1.5 * Heating[month]),
        MeterType.Heat => (0.015 * hotWater) + (0.045 * Heating[month]),
        _ => (8 * Lighting[month]) + (heatPump ? 3 * Heating[month] : 0) + (cooled ? 14 * Garden[month] : 0),
    };

    private static decimal Rounded(MeterType type, double register) => Math.Round((decimal)register, type is MeterType.Heat ? 2 : 0, MidpointRounding.ToZero);

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
