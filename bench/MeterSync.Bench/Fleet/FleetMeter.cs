namespace MeterSync.Bench.Fleet;

/// <summary>One meter of the generated fleet, with the use that its readings follow.</summary>
/// <param name="Index">Position in the fleet, from 0.</param>
/// <param name="SerialNumber">Unique in the fleet.</param>
/// <param name="Type">electric, water, gas or heat.</param>
/// <param name="Digits">Integer drums of the register.</param>
/// <param name="Decimals">Decimals of the register; register values are kept as integers scaled by 10^Decimals.</param>
/// <param name="Unit">Unit of the register.</param>
/// <param name="Multiplier">Consumption per unit of the register.</param>
/// <param name="StartScaled">Register value before the first reading, scaled.</param>
/// <param name="DailyScaled">Mean advance of the register in one day, scaled.</param>
/// <param name="Swing">Seasonal part of the use, -1 to 1: positive uses more in winter.</param>
/// <param name="ReadingDay">Day of the month on which the meter is read, 1 to 28.</param>
internal sealed record FleetMeter(
    int Index, string SerialNumber, string Type, int Digits, int Decimals, string Unit, int Multiplier,
    long StartScaled, double DailyScaled, double Swing, int ReadingDay)
{
    public static FleetMeter Create(int index, Random random)
    {
        var kind = random.Next(100);
        var serial = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"MS{index + 10_000_000}");
        var day = random.Next(1, 29);
        return kind switch
        {
            < 60 => new(index, serial, "electric", 6, 1, "kWh", random.Next(50) == 0 ? 40 : 1, random.Next(1_000_000), 10 * Between(random, 4, 20), 0.2, day),
            < 85 => new(index, serial, "water", 5, 3, "m3", 1, random.Next(20_000_000), 1000 * Between(random, 0.15, 1.2), -0.1, day),
            < 97 => new(index, serial, "gas", 6, 2, "m3", 1, random.Next(5_000_000), 100 * Between(random, 1, 8), 0.5, day),
            _ => new(index, serial, "heat", 6, 1, "kWh", 1, random.Next(500_000), 10 * Between(random, 8, 40), 0.5, day),
        };
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
