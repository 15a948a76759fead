using System.Globalization;
using System.Text;

namespace MeterSync.Bench.Fleet;

/// <summary>Writes a fleet as the CSV files that MeterSync imports and as the files that the peer's tables are copied from.</summary>
internal static class FleetFiles
{
    private static readonly string[] s_streets = ["Mill Lane", "Station Road", "Harbour Street", "Church Row", "Orchard Way", "Bridge Street", "North Parade", "Quarry Hill"];

    public const string MeterHeadings = "serial_number,type,address,latitude,longitude,owner,location_id,digits,decimals,unit,multiplier";

    public static void WriteMeters(MeterFleet fleet, string path)
    {
        using var file = Open(path);
        file.WriteLine(MeterHeadings);
        foreach (var meter in fleet.Meters)
            file.WriteLine(MeterRow(meter));
    }

    /// <summary>A meter's cells with a comma between.</summary>
    public static string MeterRow(FleetMeter meter) =>
        string.Create(CultureInfo.InvariantCulture, $"{meter.SerialNumber},{meter.Type},{Address(meter)},{Latitude(meter):0.000000},{Longitude(meter):0.000000},{Owner(meter)},{Location(meter)},{meter.Digits},{meter.Decimals},{meter.Unit},{meter.Multiplier}");

    /// <summary>Month by month, as the readings came in.</summary>
    public static void WriteReadings(MeterFleet fleet, string path)
    {
        using var file = Open(path);
        file.WriteLine("serial_number,reading_timestamp,reading_value,source");
        for (var month = 0; month < fleet.Months; month++)
        {
            foreach (var meter in fleet.Meters)
            {
                var at = (meter.Index * fleet.Months) + month;
                file.Write(meter.SerialNumber);
                file.Write(',');
                file.Write(Instant(fleet.Timestamps[at]));
                file.Write(',');
                file.Write(Value(fleet.ValuesScaled[at], meter.Decimals));
                file.WriteLine(",manual");
            }
        }
    }

    /// <summary>COPY files for the peer's tables meters and readings (schema.sql), in the same order as the import files.</summary>
    public static void WritePeer(MeterFleet fleet, string metersPath, string readingsPath)
    {
        var ids = Array.ConvertAll(fleet.Meters, _ => Guid.CreateVersion7(fleet.FirstMonth));
        using (var meters = Open(metersPath))
        {
            foreach (var meter in fleet.Meters)
                meters.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids[meter.Index]},{meter.SerialNumber},{meter.Type},active,{Address(meter)},{Latitude(meter):0.000000},{Longitude(meter):0.000000},{Owner(meter)},{Location(meter)},{meter.Digits},{meter.Decimals},{meter.Unit},{meter.Multiplier}"));
        }
        using var readings = Open(readingsPath);
        for (var month = 0; month < fleet.Months; month++)
        {
            foreach (var meter in fleet.Meters)
                WritePeerReading(fleet, meter, month, ids[meter.Index], readings);
        }
    }

    public static string Value(long scaled, int decimals) =>
        (scaled / (decimal)Math.Pow(10, decimals)).ToString("0.####", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WritePeerReading(MeterFleet fleet, FleetMeter meter, int month, Guid meterId, StreamWriter file)
    {
        var at = (meter.Index * fleet.Months) + month;
        var held = fleet.IsMisread[at];
        var previous = month == 0 ? -1 : fleet.IsMisread[at - 1] ? at - 2 : at - 1;
        var use = held || previous < 0 ? "" : Value((fleet.ValuesScaled[at] - fleet.ValuesScaled[previous]) * meter.Multiplier, meter.Decimals);
        var id = Guid.CreateVersion7(fleet.Timestamps[at]);
        var state = held ? "held,suspect" : "accepted,valid";
        var flags = held ? "{VEE-103}" : "{}";
        file.WriteLine($"{id},{id},{meterId},{Value(fleet.ValuesScaled[at], meter.Decimals)},{use},{Instant(fleet.Timestamps[at])},manual,{state},{flags},{Instant(fleet.Timestamps[at])}");
    }

    private static string Address(FleetMeter meter) =>
        string.Create(CultureInfo.InvariantCulture, $"{1 + (meter.Index % 180)} {s_streets[meter.Index / 180 % s_streets.Length]}");

    private static double Latitude(FleetMeter meter) => 52 + (meter.Index % 317 * 0.0013);

    private static double Longitude(FleetMeter meter) => 5 + (meter.Index / 317 % 331 * 0.0017);

    private static string Owner(FleetMeter meter) => string.Create(CultureInfo.InvariantCulture, $"Customer {meter.Index + 1}");

    private static string Location(FleetMeter meter) => string.Create(CultureInfo.InvariantCulture, $"LOC-{meter.Index / 250:000}");

    private static StreamWriter Open(string path) => new(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
}
