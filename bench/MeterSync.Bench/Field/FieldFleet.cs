using System.Globalization;
using System.Text.Json;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Fleet;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Field;

/// <param name="Id">Of the user.</param>
internal sealed record FieldAgent(string Id, string UserName, IReadOnlyList<FieldMeter> Meters);

/// <summary>Agents and the meters that were given to each, so many as there are readings to take.</summary>
/// <param name="Agents">By number.</param>
internal sealed record FieldFleet(IReadOnlyList<FieldAgent> Agents)
{
    public const string Password = "seven-quiet-herons";
    private const int MostLoad = 20_000;

    /// <summary>Meters come by the import, everything else by the API, as an office does it.</summary>
    /// <param name="stand">Not running; it runs afterwards.</param>
    /// <param name="metersEach">Of every agent.</param>
    /// <param name="months">Of readings that are there already.</param>
    public static FieldFleet Create(ServerStand stand, string folder, int agents, int metersEach, int months, int seed)
    {
        var end = TimeProvider.System.GetUtcNow();
        var fleet = MeterFleet.Create(agents * metersEach, months, new DateTimeOffset(end.Year, end.Month, 1, 0, 0, 0, TimeSpan.Zero), seed);
        Directory.CreateDirectory(folder);
        var meters = Path.Combine(folder, "meters.csv");
        FleetFiles.WriteMeters(fleet, meters);
        stand.Run(null, "import", "meters", meters);
        if (months > 0)
        {
            var readings = Path.Combine(folder, "readings.csv");
            FleetFiles.WriteReadings(fleet, readings);
            stand.Run(null, "import", "readings", readings);
        }
        stand.AddAdmin();
        stand.Start();
        var target = stand.SignIn();
        target.LearnMeterIds(fleet);
        using var connection = new HttpConnection(target.Address);
        return new([.. Enumerable.Range(0, agents).Select(number => Agent(target, connection, fleet, number, metersEach))]);
    }

    public PhonePlan PlanOf(int number, int photos, int bad, int photoBytes, int seed) =>
        new(number, Agents[number].UserName, Password, Agents[number].Meters, photos, bad, photoBytes, (seed * 1009) + number);

    private static FieldAgent Agent(Target target, HttpConnection connection, MeterFleet fleet, int number, int metersEach)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"walker{number:0000}");
        var user = Ask(target, connection, "/api/v1/users", new { email = $"{name}@example.org", username = name, name = $"Walker {number}", role = "agent", password = Password }).GetProperty("id").GetString()!;
        Ask(target, connection, "/api/v1/agents", new { user_id = user, max_load = MostLoad, status = "available" });
        FieldMeter[] meters = [.. Enumerable.Range(number * metersEach, metersEach).Select(index => new FieldMeter(target.MeterIds[index], NextValue(fleet, index)))];
        Ask(target, connection, "/api/v1/assignments/bulk", new { meter_ids = meters.Select(meter => meter.Id), agent_id = user });
        return new(user, name, meters);
    }

    /// <summary>A month's use above the last value.</summary>
    private static decimal NextValue(MeterFleet fleet, int index)
    {
        var meter = fleet.Meters[index];
        var last = fleet.Months == 0 ? meter.StartScaled : fleet.ValuesScaled[((index + 1) * fleet.Months) - 1];
        return (last + (long)(meter.DailyScaled * 30)) / (decimal)Math.Pow(10, meter.Decimals);
    }

    private static JsonElement Ask(Target target, HttpConnection connection, string path, object body) =>
        target.Ask(connection, target.Post(path, JsonSerializer.Serialize(body))).RootElement.GetProperty("data");
}
