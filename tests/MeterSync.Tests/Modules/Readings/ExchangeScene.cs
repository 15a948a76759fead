using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

/// <summary>A meter at a service point with five monthly readings of 100 kWh each, the last of them thirty days ago, and what is done to it.</summary>
internal sealed class ExchangeScene
{
    private static int made;

    private ExchangeScene(ApiClient client, string tag, JsonNode meter) => (Client, Tag, Meter) = (client, tag, meter);

    public ApiClient Client { get; }

    /// <summary>Unique to the scene; its location.</summary>
    public string Tag { get; }

    /// <summary>As it was made.</summary>
    public JsonNode Meter { get; }

    public string Id => (string)Meter["id"]!;

    public SceneMeter AsScene => SceneOf(Meter);

    public static async Task<ExchangeScene> MakeAsync(ApiClient client, object? registers = null, string? region = null)
    {
        var tag = $"xch{Interlocked.Increment(ref made):000}x";
        var scene = new ExchangeScene(client, tag, await MeterAsync(client, tag, "A", registers, region));
        if (registers is null)
        {
            await ReadingScene.MonthlyAsync(client, scene.AsScene, 1000, 100, 5);
        }

        return scene;
    }

    public Task<JsonNode> OtherAsync(string name, object? registers = null) => MeterAsync(Client, Tag, name, registers, null);

    public string Serial(string name) => $"{Tag}-{name}";

    /// <summary>The body of an exchange fifteen days ago: removal at 1450, install at 3.</summary>
    public object Body(string newName = "B", decimal removal = 1450, decimal install = 3, int daysAgo = 15, Guid? clientId = null) => new
    {
        serial_number = Serial(newName),
        exchanged_at = ReadingScene.Day(daysAgo),
        removal_readings = new[] { new { ordinal = 1, value = removal } },
        install_readings = new[] { new { ordinal = 1, value = install } },
        reason = "Calibration period is over",
        client_id = clientId,
    };

    /// <summary>Exchanges and answers what the server said of it.</summary>
    public async Task<JsonNode> ExchangeAsync(string? id = null, object? body = null)
    {
        var answer = await Client.PostAsync($"/api/v1/meters/{id ?? Id}/exchange", body ?? Body());
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body.ToJsonString());
        return answer.Data;
    }

    public async Task<JsonNode> MeterAsync(string id) => (await Client.GetAsync($"/api/v1/meters/{id}")).Data;

    public async Task<JsonNode[]> RowsAsync(int fromDaysAgo, int toDaysAgo, ApiClient? client = null)
    {
        var path = $"/api/v1/billing-rows?from={ReadingScene.Text(ReadingScene.Day(fromDaysAgo))}&to={ReadingScene.Text(ReadingScene.Day(toDaysAgo))}&location_id={Tag}&limit=100";
        return [.. (await (client ?? Client).GetAsync(path)).Data["items"]!.AsArray().Select(row => row!)];
    }

    public static SceneMeter SceneOf(JsonNode meter) => new(Guid.Parse((string)meter["id"]!), (string)meter["serial_number"]!, [.. meter["registers"]!.AsArray().Select(register => Guid.Parse((string)register!["id"]!))]);

    public static string NewId(JsonNode exchange) => (string)exchange["new_meter"]!["id"]!;

    private static async Task<JsonNode> MeterAsync(ApiClient client, string tag, string name, object? registers, string? region) => await client.MakeMeterAsync(new
    {
        serial_number = $"{tag}-{name}",
        meter_type = "electric",
        address = $"{name} {tag} Street",
        owner = $"Owner {name}",
        location_id = tag,
        region_id = region,
        registers = registers ?? new[] { new { label = "total", quantity = "kwh", unit = "kWh", digits = 5, decimals = 1 } },
    });
}
