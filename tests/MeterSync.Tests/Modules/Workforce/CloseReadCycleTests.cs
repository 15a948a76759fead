using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class CloseReadCycleTests(ServerFixture server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_reading_of_a_closed_cycle_takes_the_place_of_its_estimate(bool fromFile)
    {
        var client = await server.SignInAsync("admin");
        var place = await ExchangeScene.MakeAsync(client);
        var meter = place.AsScene;
        var closed = await CloseAsync(client, await OpenAsync(client, place.Tag, 20, 5), "estimate");
        Assert.Equal((1, 0), ((int)closed["estimated"]!, (int)closed["missed"]!));
        var estimate = await NewestAsync(client, meter);
        Assert.Equal(("estimated", "estimate"), ((string?)estimate["quality"], (string?)estimate["source"]));
        var run = await FreezeAsync(client, place, 25, 2);

        if (fromFile)
        {
            var csv = Encoding.UTF8.GetBytes($"serial_number,reading_value,reading_timestamp\n{meter.SerialNumber},1440,{ReadingScene.Text(ReadingScene.Day(10))}\n");
            var job = await client.RunFileJobAsync("/api/v1/readings/import", "late.csv", csv);
            Assert.Equal(1, (int)job["result"]!["voided_estimates"]!);
        }
        else
        {
            var late = await ReadingScene.ReadAsync(client, meter, 1440, ReadingScene.Day(10));
            Assert.Equal(("accepted", 40m), (late.State(), late.Consumption()));
        }

        Assert.Equal("superseded", (await ReadingScene.GetAsync(client, estimate)).State());
        Assert.Equal(1440m, (decimal)(await client.GetAsync($"/api/v1/meters/{meter.Id}")).Data["last_reading"]!["value"]!);
        var difference = (await client.GetAsync($"/api/v1/billing-runs/{run}/adjustments")).Data["items"]!.AsArray().Single()!;
        Assert.Equal((1440m, 40m), ((decimal)difference["new_value"]!, (decimal)difference["new_consumption"]!));
    }

    [Fact]
    public async Task A_late_reading_takes_the_place_of_an_estimate_that_later_values_put_onto_a_line()
    {
        var client = await server.SignInAsync("admin");
        var place = await ExchangeScene.MakeAsync(client);
        await CloseAsync(client, await OpenAsync(client, place.Tag, 20, 10), "estimate");
        var estimate = await NewestAsync(client, place.AsScene);
        await ReadingScene.ReadAsync(client, place.AsScene, 1480, ReadingScene.Day(2));
        Assert.Equal("linear", (string?)(await ReadingScene.GetAsync(client, estimate))["values"]![0]!["estimate"]!["method"]);
        await ReadingScene.ReadAsync(client, place.AsScene, 1450, ReadingScene.Day(12));
        Assert.Equal("superseded", (await ReadingScene.GetAsync(client, estimate)).State());
        Assert.Equal(30m, (await NewestAsync(client, place.AsScene)).Consumption());
    }

    [Fact]
    public async Task Two_readings_of_a_closed_cycle_are_still_a_check_read()
    {
        var client = await server.SignInAsync("admin");
        var place = await ExchangeScene.MakeAsync(client);
        await server.GiveToAgentsAsync(place.AsScene.Id);
        var cycle = await OpenAsync(client, place.Tag, 29, 1);
        await ReadingScene.ReadAsync(client, place.AsScene, 1405, ReadingScene.Day(28));
        await CloseAsync(client, cycle, null);
        var second = await ReadingScene.ReadAsync(await server.SignInAsync("agent2"), place.AsScene, 1480, ReadingScene.Day(4));
        Assert.Contains("VEE-111", second.Flags());
    }

    [Fact]
    public async Task A_cycle_closed_late_estimates_what_was_read_only_after_it()
    {
        var client = await server.SignInAsync("admin");
        var place = await ExchangeScene.MakeAsync(client);
        var cycle = await OpenAsync(client, place.Tag, 20, 10);
        var after = await ReadingScene.ReadAsync(client, place.AsScene, 1480, ReadingScene.Day(5));
        var closed = await CloseAsync(client, cycle, "estimate");
        Assert.Equal((1, 0), ((int)closed["estimated"]!, (int)closed["missed"]!));
        var listed = (await client.GetAsync($"/api/v1/readings/meter/{place.Id}?limit=2")).Data["items"]!.AsArray();
        var estimate = listed[1]!;
        Assert.Equal(("estimated", "linear"), ((string?)estimate["quality"], (string?)estimate["values"]![0]!["estimate"]!["method"]));
        Assert.InRange((decimal)estimate["values"]![0]!["value"]!, 1410, 1470);
        Assert.Equal(80m, estimate.Consumption() + (await ReadingScene.GetAsync(client, after)).Consumption());
    }

    [Fact]
    public async Task Follows_up_the_third_estimate_in_a_row_also_where_it_was_made_before_the_closing_broke_off()
    {
        var client = await server.SignInAsync("admin");
        var place = await ExchangeScene.MakeAsync(client);
        var cycle = await OpenAsync(client, place.Tag, 12, 4);
        foreach (var (from, to) in new[] { (28, 22), (20, 14), (13, 3) })
        {
            await EstimateAsync(place, ReadingScene.Day(to + 2), (ReadingScene.Day(from), ReadingScene.Day(to)));
        }

        Assert.DoesNotContain((await client.GetAsync("/api/v1/follow-ups?limit=100")).Items(), one => (string?)one["meter_id"] == place.Id);
        Assert.Equal(1, (int)(await CloseAsync(client, cycle, "estimate"))["estimated"]!);
        var followUp = Assert.Single((await client.GetAsync("/api/v1/follow-ups?limit=100")).Items(), one => (string?)one["meter_id"] == place.Id);
        Assert.Equal("estimated_repeatedly", (string?)followUp["reason"]);
    }

    private async Task EstimateAsync(ExchangeScene place, DateTimeOffset at, (DateTimeOffset From, DateTimeOffset To) window)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<IEstimates>().EstimateAsync([new MeterId(place.AsScene.Id)], at, new EstimateTerms(window), null, TestContext.Current.CancellationToken);
        Assert.Equal(EstimateResult.Estimated, Assert.Single(made).Result);
    }

    private static async Task<string> OpenAsync(ApiClient client, string location, int fromDaysAgo, int toDaysAgo)
    {
        var body = new { name = WorkCalls.NewName("Round "), window_from = ReadingScene.Text(ReadingScene.Day(fromDaysAgo)), window_to = ReadingScene.Text(ReadingScene.Day(toDaysAgo)), location_id = location };
        var cycle = await client.PostAsync("/api/v1/read-cycles", body);
        Assert.True(cycle.Status == HttpStatusCode.Created, cycle.Body.ToJsonString());
        var path = $"/api/v1/read-cycles/{cycle.Data["id"]}";
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(path + "/open")).Status);
        return path;
    }

    private static async Task<JsonNode> CloseAsync(ApiClient client, string cycle, string? missed)
    {
        var closing = await client.PostAsync(cycle + "/close", new { missed });
        Assert.True(closing.Status == HttpStatusCode.Accepted, closing.Body.ToJsonString());
        var job = await client.WaitForJobAsync($"{cycle}/close/{closing.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job["result"]!;
    }

    private static async Task<string> FreezeAsync(ApiClient client, ExchangeScene place, int from, int to)
    {
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(from), period_to = ReadingScene.Day(to), location_id = place.Tag });
        return (string)(await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}"))["result"]!["billing_run_id"]!;
    }

    private static async Task<JsonNode> NewestAsync(ApiClient client, SceneMeter meter) => (await client.GetAsync($"/api/v1/readings/meter/{meter.Id}?limit=1")).Data["items"]!.AsArray().Single()!;
}

public sealed class CloseReadCycleOnSqliteTests(SqliteServer server) : CloseReadCycleTests(server), IClassFixture<SqliteServer>;

public sealed class CloseReadCycleOnPostgresTests(PostgresServer server) : CloseReadCycleTests(server), IClassFixture<PostgresServer>;
