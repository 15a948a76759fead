using System.Globalization;
using System.Text;

namespace MeterSync.Browser.Tests.Support;

/// <summary>One meter of a scene, as it stands in the import files.</summary>
/// <param name="Labels">Of its registers, the main one first.</param>
/// <param name="Digits">Null: nobody knows.</param>
/// <param name="DailyUse">Of each register, in its unit.</param>
public sealed record SceneMeter(
    int Index, string SerialNumber, string Type, string Unit, string Address, string Owner, double Latitude, double Longitude, IReadOnlyList<string> Labels,
    int? Digits, int Decimals, decimal DailyUse, bool RequiresPhoto, string? AccessNotes, string? HazardNotes, string? KeyNumber)
{
    /// <summary>Days between two of the earlier readings, and since the last one.</summary>
    public const int DaysBetween = 30;

    private const int HousesAStreet = 20;
    private const int MetersAHouse = 2;
    private const double DegreesAHouse = 0.00025;
    private const double DegreesAStreet = 0.0009;
    private static readonly string[] s_streets = ["Mill Lane", "Station Road", "Harbour Street", "Church Row", "Orchard Way", "Bridge Street", "North Parade", "Quarry Hill"];
    private static readonly (string Type, string Prefix, string Unit, int Decimals, decimal DailyUse)[] s_kinds =
        [("electric", "EL", "kWh", 1, 9.4m), ("water", "WA", "m3", 3, 0.281m), ("gas", "GA", "m3", 3, 3.617m), ("heat", "HE", "GJ", 2, 0.12m)];

    /// <summary>On the server; empty until it was brought in.</summary>
    public string Id { get; init; } = "";

    /// <summary>The meter at a place of the walk. The first four are the odd ones: two registers; a photo is wanted; digits unknown; a dog and a key.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="firstNumber">Keeps the serial numbers of scenes on one server apart.</param>
    /// <param name="latitude">Of the first house, in degrees; likewise the longitude.</param>
    public static SceneMeter At(int index, int firstNumber, double latitude, double longitude)
    {
        var (type, prefix, unit, decimals, dailyUse) = s_kinds[index % s_kinds.Length];
        var house = index / MetersAHouse;
        var street = house / HousesAStreet;
        var name = $"{s_streets[street % s_streets.Length]}{(street < s_streets.Length ? "" : string.Create(CultureInfo.InvariantCulture, $" {1 + (street / s_streets.Length)}"))}";
        var place = house % HousesAStreet;
        return new(
            index,
            string.Create(CultureInfo.InvariantCulture, $"{prefix}-{firstNumber + index}"),
            type,
            unit,
            string.Create(CultureInfo.InvariantCulture, $"{name} {place + 1}"),
            string.Create(CultureInfo.InvariantCulture, $"Household {firstNumber + house}"),
            latitude + (street * DegreesAStreet),
            // Every second street is walked back.
            longitude + ((street % 2 == 0 ? place : HousesAStreet - 1 - place) * DegreesAHouse),
            index == 0 ? ["T1", "T2"] : ["total"],
            index == 2 ? null : 5,
            decimals,
            dailyUse,
            RequiresPhoto: index == 1,
            AccessNotes: index % 10 == 3 ? "Cellar, door on the left" : null,
            HazardNotes: index % 25 == 3 ? "Dog in the yard" : null,
            KeyNumber: index % 10 == 3 ? string.Create(CultureInfo.InvariantCulture, $"K{firstNumber + index}") : null);
    }

    /// <summary>What a register showed or will show so many days after the first earlier reading.</summary>
    /// <param name="register">From 0.</param>
    public decimal ValueAfter(int days, int register = 0) =>
        decimal.Round(1000 + (Index * 7 % 50_000) + (register * 500) + (DailyUse * days), Decimals);

    internal static string MetersTable(IEnumerable<SceneMeter> meters, string region)
    {
        var table = new StringBuilder("serial_number,type,address,latitude,longitude,position_source,owner,region,registers,unit,digits,decimals,requires_photo,access_notes,hazard_notes,key_number,estimated_time\n");
        foreach (var meter in meters)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"{meter.SerialNumber},{meter.Type},{meter.Address},{meter.Latitude:0.000000},{meter.Longitude:0.000000},surveyed,{meter.Owner},{region},{(meter.Labels.Count > 1 ? string.Join(';', meter.Labels) : "")},{meter.Unit},{meter.Digits},{meter.Decimals},{(meter.RequiresPhoto ? "yes" : "no")},\"{meter.AccessNotes}\",{meter.HazardNotes},{meter.KeyNumber},4\n");
        }

        return table.ToString();
    }

    /// <param name="times">How many earlier readings; the last of them <see cref="DaysBetween"/> days before <paramref name="now"/>.</param>
    internal static string ReadingsTable(IEnumerable<SceneMeter> meters, int times, DateTimeOffset now)
    {
        var table = new StringBuilder("serial_number,register,reading_timestamp,reading_value,source\n");
        foreach (var meter in meters)
        {
            for (var time = 0; time < times; time++)
            {
                var at = now.UtcDateTime.AddDays(-DaysBetween * (times - time));
                for (var register = 0; register < meter.Labels.Count; register++)
                {
                    table.Append(CultureInfo.InvariantCulture, $"{meter.SerialNumber},{(meter.Labels.Count > 1 ? meter.Labels[register] : "")},{at:yyyy-MM-dd'T'HH:mm:ss'Z'},{meter.ValueAfter(DaysBetween * time, register)},import\n");
                }
            }
        }

        return table.ToString();
    }
}
