using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>
/// The 500 meters of the demo: 200 households and buildings with electricity, most with water, some with gas or district heat. The same seed
/// and the same end give the same meters and readings; serial numbers and addresses depend on the seed alone.
/// </summary>
internal static class DemoFleet
{
    public const int Seed = 20_260;
    public const int Households = 200;

    /// <summary>The first few are buildings read through current transformers.</summary>
    public const int TransformerHouseholds = 4;

    private const decimal TransformerRatio = 40m;
    private static readonly string[] Buildings = ["Town hall", "School", "Sports hall", "Supermarket", "Library", "Museum", "Fire station", "Bakery"];

    /// <param name="seed">Any number; <see cref="Seed"/> is the one the documentation tells of.</param>
    /// <param name="end">Now: the last readings lie a few days before.</param>
    public static IReadOnlyList<DemoMeter> Build(int seed, DateTimeOffset end)
    {
        var first = DemoVisits.FirstDay(end);
        var climate = new DemoClimate(seed, first, (int)(end - new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero)).TotalDays + 1);
        var meters = new List<DemoMeter>(500);
        for (var household = 0; household < Households; household++)
        {
            foreach (var type in SuppliesOf(household))
            {
                meters.Add(Meter(seed, household, type, climate, end));
            }
        }

        return meters;
    }

    private static IEnumerable<MeterType> SuppliesOf(int household)
    {
        yield return MeterType.Electric;
        if (household % 5 != 0)
        {
            yield return MeterType.Water;
        }

        switch (household % 10)
        {
            case 1 or 3 or 6 or 8:
                yield return MeterType.Gas;
                break;
            case 0 or 2 or 4:
                yield return MeterType.Heat;
                break;
        }
    }

    private static DemoMeter Meter(int seed, int household, MeterType type, DemoClimate climate, DateTimeOffset end)
    {
        var random = new Random(Chance.Mixed(seed, (household * 4) + (int)type));
        var demoCase = DemoCase.Of(household, type);
        var registers = RegistersOf(household, type, demoCase);
        var habits = demoCase is DemoCase.CurrentTransformer ? DemoHabits.OfBuilding(random) : DemoHabits.Of(type, registers[0].Unit, random);
        var roundDay = household * DemoVisits.RoundDays / Households;
        var visits = DemoVisits.Of(end, roundDay, random);
        var (address, quarter) = DemoTown.Home(household, Households);
        var agent = $"agent{(roundDay / 2) + 1}";
        var (readings, shownAt) = DemoHistory.Of(demoCase, registers, habits, climate, visits, agent, random);
        return new DemoMeter(
            SerialOf(household, type),
            type,
            demoCase is DemoCase.Inactive or DemoCase.UseOnInactive ? MeterStatus.Inactive : MeterStatus.Active,
            household < Buildings.Length ? Buildings[household] : household % 7 == 3 ? $"Flat {household % 12 + 1}" : $"Household {household}",
            address,
            quarter,
            demoCase,
            registers,
            agent,
            readings,
            shownAt);
    }

    private static DemoRegister[] RegistersOf(int household, MeterType type, string? demoCase) => (type, demoCase) switch
    {
        (MeterType.Electric, DemoCase.CurrentTransformer) => [new("total", "kWh", 6, 0, TransformerRatio)],
        (MeterType.Electric, DemoCase.TwoRegisters) => [new("T1", "kWh", 6, 0), new("T2", "kWh", 6, 0)],
        (MeterType.Electric, _) => [household % 5 < 3 ? new("total", "kWh", 5, 1) : new("total", "kWh", 6, 0)],
        (MeterType.Heat, _) => [household % 4 == 0 ? new("total", "MWh", 5, 3) : new("total", "GJ", 5, 2)],
        _ => [new("total", "m3", 5, 3)],
    };

    private static string SerialOf(int household, MeterType type) => type switch
    {
        MeterType.Water => $"WA-{20_110 + (household * 7)}",
        MeterType.Gas => $"GA-{30_240 + (household * 3)}",
        MeterType.Heat => $"HE-{40_370 + (household * 11)}",
        _ => $"EL-{10_030 + (household * 9)}",
    };
}
