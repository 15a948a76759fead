using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>How one household uses one kind of supply.</summary>
/// <param name="BasePerDay">Units a day whatever the season.</param>
/// <param name="PerLightDay">Units a day, more when it is dark.</param>
/// <param name="PerDegreeDay">Units per heating degree day.</param>
/// <param name="PerGardenDay">Further units on a day in high summer.</param>
internal sealed record DemoHabits(double BasePerDay, double PerLightDay, double PerDegreeDay, double PerGardenDay)
{
    private const double GigajoulesPerMegawattHour = 3.6;

    /// <summary>Ordinary homes of very different size (lognormal): 3,300 kWh, 100 m3 of water, 1,500 m3 of gas or 45 GJ of heat a year in the middle.</summary>
    public static DemoHabits Of(MeterType type, string unit, Random random)
    {
        var size = Chance.Around(random, 0.42);
        return type switch
        {
            MeterType.Water => new(0.27 * size, 0, 0, random.NextDouble() < 0.35 ? 0.2 * size : 0),
            MeterType.Gas => new(0.45 * size, 0, 0.44 * size, 0),
            MeterType.Heat => InGigajoules(size / (unit == "MWh" ? GigajoulesPerMegawattHour : 1)),
            _ => new(3.5 * size, 5.2 * size, random.NextDouble() < 0.1 ? 0.9 * size : 0.08 * size, 0),
        };
    }

    /// <summary>An office, school or shop that needs current transformers.</summary>
    public static DemoHabits OfBuilding(Random random)
    {
        var size = Chance.Around(random, 0.3);
        return new(180 * size, 140 * size, 6 * size, 0);
    }

    private static DemoHabits InGigajoules(double size) => new(0.022 * size, 0, 0.0125 * size, 0);

    /// <summary>Units used from one instant to another in that climate.</summary>
    public double Use(DemoClimate climate, DateTimeOffset from, DateTimeOffset to)
    {
        var (heating, light, garden) = climate.Between(from, to);
        return (BasePerDay * (to - from).TotalDays) + (PerLightDay * light) + (PerDegreeDay * heating) + (PerGardenDay * garden);
    }
}
