using MeterSync.Bench.Fleet;

namespace MeterSync.Bench.Scenarios;

/// <summary>Writes meters.csv and, when the fleet has readings, readings.csv; with <c>--xlsx yes</c> also meters.xlsx, with <c>--peer yes</c> also the peer's COPY files.</summary>
internal static class GenerateFiles
{
    public static int Run(Options options)
    {
        var directory = options.Text("out");
        Directory.CreateDirectory(directory);
        var fleet = MeterFleet.FromOptions(options);
        FleetFiles.WriteMeters(fleet, Path.Combine(directory, "meters.csv"));
        if (options.Find("xlsx") == "yes")
            FleetWorkbook.WriteMeters(fleet, Path.Combine(directory, "meters.xlsx"));
        if (fleet.Months > 0)
            FleetFiles.WriteReadings(fleet, Path.Combine(directory, "readings.csv"));
        if (options.Find("peer") == "yes")
            FleetFiles.WritePeer(fleet, Path.Combine(directory, "peer-meters.csv"), Path.Combine(directory, "peer-readings.csv"));
        Console.WriteLine($"{fleet.Meters.Length} meters, {fleet.Timestamps.Length} readings in {directory}");
        return 0;
    }
}
