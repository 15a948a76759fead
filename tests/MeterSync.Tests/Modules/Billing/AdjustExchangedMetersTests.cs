using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Billing;

public abstract class AdjustExchangedMetersTests(ServerFixture server)
{
    [Fact]
    public async Task An_exchange_recorded_after_freezing_adds_the_new_meter_s_use_on_lines_of_its_own()
    {
        var scene = await ExchangeScene.MakeAsync(await server.SignInAsync("manager"));
        var elsewhere = await ExchangeScene.MakeAsync(scene.Client);
        var run = await FreezeAsync(scene);
        await elsewhere.ExchangeAsync();
        Assert.Empty(await DifferencesAsync(scene, run));
        var first = await scene.ExchangeAsync();
        var reading = await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(ExchangeScene.NewId(first))), 26, ReadingScene.Day(8));
        var second = await scene.ExchangeAsync(ExchangeScene.NewId(first), scene.Body("C", removal: 33, install: 0, daysAgo: 6));
        await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(ExchangeScene.NewId(second))), 13, ReadingScene.Day(2));

        var differences = await DifferencesAsync(scene, run);
        Assert.Equal(
            [(1, scene.Serial("A"), "missing", 50m), (2, scene.Serial("B"), "missing", 30m), (3, scene.Serial("C"), "missing", 13m)],
            differences.Select(row => ((int)row["line_number"]!, (string)row["serial_number"]!, (string)row["old_state"]!, (decimal)row["difference"]!)));
        Assert.Contains("by an exchange that was recorded after the run was frozen", (string?)differences[1]["reason"]);
        Assert.Contains("came in late", (string?)differences[1]["reason"]);
        var set = await scene.Client.PostAsync(run + "/adjustments");
        Assert.Equal((HttpStatusCode.Created, 3, 93m), (set.Status, (int)set.Data["lines"]!, (decimal)set.Data["totals"]![0]!["consumption"]!));
        Assert.Equal("billing.nothing_to_adjust", (await scene.Client.PostAsync(run + "/adjustments")).Code);
        Assert.Equal(93m, (decimal)(await scene.Client.GetAsync(run)).Data["adjusted_totals"]![0]!["consumption"]!);

        // From now on they are lines like any other.
        await scene.Client.PostAsync($"/api/v1/readings/{(string?)second["removal_reading_id"]}/correct", new { reading_value = 35, reason = "Misread" });
        var later = Assert.Single(await DifferencesAsync(scene, run));
        Assert.Equal((2, 1, 2m), ((int)later["line_number"]!, (int)later["last_adjustment"]!, (decimal)later["difference"]!));
        await scene.Client.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/reject", new { reason = "Another meter" });
        Assert.Equal(2m, (await DifferencesAsync(scene, run)).Sum(row => (decimal)row["difference"]!));
    }

    [Fact]
    public async Task A_meter_of_the_run_that_came_to_another_place_of_it_has_a_line_there_too()
    {
        var scene = await ExchangeScene.MakeAsync(await server.SignInAsync("manager"));
        var other = await scene.OtherAsync("X");
        await ReadingScene.ReadAsync(scene.Client, SceneOf(other), 500, ReadingScene.Day(40));
        var run = await FreezeAsync(scene);
        await scene.ExchangeAsync((string)other["id"]!, scene.Body("Y", removal: 520, install: 0, daysAgo: 18));
        await scene.ExchangeAsync(body: scene.Body("X", removal: 1450, install: 520, daysAgo: 15));
        await ReadingScene.ReadAsync(scene.Client, SceneOf(other), 551, ReadingScene.Day(4));
        await ReadingScene.ReadAsync(scene.Client, SceneOf((await scene.Client.GetAsync($"/api/v1/meters?search={scene.Serial("Y")}")).Data["items"]![0]!), 44, ReadingScene.Day(3));
        var now = await scene.RowsAsync(20, 1);
        Assert.Equal(["A", "X", "X", "Y"], now.Select(row => ((string)row["serial_number"]!)[^1..]));
        var differences = await DifferencesAsync(scene, run);
        Assert.Equal([1, 2, 3, 4], differences.Select(row => (int)row["line_number"]!));
        Assert.Equal((145m, 145m), (differences.Sum(row => (decimal)row["difference"]!), now.Sum(row => (decimal)row["consumption"]!)));
    }

    private static SceneMeter SceneOf(JsonNode meter) => new(Guid.Parse((string)meter["id"]!), (string)meter["serial_number"]!, []);

    private static async Task<string> FreezeAsync(ExchangeScene scene)
    {
        var accepted = await scene.Client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(20), period_to = ReadingScene.Day(1), location_id = scene.Tag });
        var job = await scene.Client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        return $"/api/v1/billing-runs/{(string)job["result"]!["billing_run_id"]!}";
    }

    private static async Task<List<JsonNode>> DifferencesAsync(ExchangeScene scene, string run) =>
        [.. (await scene.Client.GetAsync(run + "/adjustments")).Data["items"]!.AsArray().Select(row => row!)];
}

public sealed class AdjustExchangedMetersOnSqliteTests(SqliteServer server) : AdjustExchangedMetersTests(server), IClassFixture<SqliteServer>;

public sealed class AdjustExchangedMetersOnPostgresTests(PostgresServer server) : AdjustExchangedMetersTests(server), IClassFixture<PostgresServer>;
