using System.Globalization;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

/// <summary>Meters to read, put straight into the database, and the words tests use to read them.</summary>
internal sealed class ReadingScene(ServerFixture server)
{
    private static int made;

    private static readonly DateTimeOffset AnHourAgo = new(TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour - TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>The same hour so many days ago; never in the future.</summary>
    public static DateTimeOffset Day(int daysAgo) => AnHourAgo.AddDays(-daysAgo);

    public static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>An active electric meter of five digits and one decimal, unless told otherwise.</summary>
    public async Task<SceneMeter> MeterAsync(int registers = 1, int? digits = 5, MeterStatus status = MeterStatus.Active, decimal multiplier = 1, string? serial = null)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var ids = scope.ServiceProvider.GetRequiredService<IdSource>();
        var now = TimeProvider.System.GetUtcNow().ToStored();
        var number = Interlocked.Increment(ref made);
        var meter = new Meter { Id = ids.Next<MeterId>(), SerialNumber = serial ?? $"MS-T-{number:0000}", MeterType = MeterType.Electric, Status = status, CreatedAt = now, UpdatedAt = now };
        db.Add(meter);
        var registerIds = new List<Guid>();
        for (var ordinal = 1; ordinal <= registers; ordinal++)
        {
            var register = new Register { Id = ids.Next<RegisterId>(), MeterId = meter.Id, Ordinal = ordinal, Label = ordinal == 1 ? "total" : $"T{ordinal}", Quantity = "kwh", ObisCode = $"1-0:1.8.{ordinal - 1}", CreatedAt = now };
            db.Add(register);
            db.Add(new RegisterVersion { RegisterId = register.Id, EffectiveFrom = RegisterVersion.Always, Unit = "kWh", Digits = digits, Decimals = digits is null ? null : 1, Multiplier = multiplier });
            registerIds.Add(register.Id.Value);
        }

        await db.SaveChangesAsync();
        return new SceneMeter(meter.Id.Value, meter.SerialNumber, registerIds);
    }

    /// <summary>The same, given to the demo's agents one after the other, so that each may bring its readings.</summary>
    public async Task<SceneMeter> GivenMeterAsync(int registers = 1, int? digits = 5, MeterStatus status = MeterStatus.Active, decimal multiplier = 1, string? serial = null)
    {
        var meter = await MeterAsync(registers, digits, status, multiplier, serial);
        await server.GiveToAgentsAsync(meter.Id);
        return meter;
    }

    /// <summary>Records monthly values ending a month before today's reading.</summary>
    public static async Task MonthlyAsync(ApiClient client, SceneMeter meter, decimal first, decimal monthly, int months)
    {
        for (var month = months; month >= 1; month--)
        {
            var answer = await ReadAsync(client, meter, first + (monthly * (months - month)), Day(month * 30));
            Assert.Equal("accepted", (string?)answer["state"]);
        }
    }

    /// <summary>Records a value and returns the reading.</summary>
    public static async Task<JsonNode> ReadAsync(ApiClient client, SceneMeter meter, decimal value, DateTimeOffset at, string? source = null)
    {
        var answer = await client.PostAsync("/api/v1/readings", new { meter_id = meter.Id, reading_value = value, reading_timestamp = at, source });
        Assert.True((int)answer.Status == 201, answer.Body.ToJsonString());
        return answer.Data;
    }

    public static async Task<JsonNode> GetAsync(ApiClient client, JsonNode reading) => (await client.GetAsync($"/api/v1/readings/{(string?)reading["id"]}")).Data;
}

internal sealed record SceneMeter(Guid Id, string SerialNumber, IReadOnlyList<Guid> Registers);

/// <summary>Short ways into a reading's JSON.</summary>
internal static class ReadingJson
{
    public static JsonNode Verdict(this JsonNode reading, int index = 0) => reading["values"]![index]!["verdict"]!;

    public static decimal? Consumption(this JsonNode reading, int index = 0) => (decimal?)reading.Verdict(index)["consumption"];

    public static string Flags(this JsonNode reading, int index = 0) => string.Join(',', reading.Verdict(index)["flags"]!.AsArray().Select(flag => (string?)flag));

    public static string State(this JsonNode reading) => (string?)reading["state"] ?? "";
}
