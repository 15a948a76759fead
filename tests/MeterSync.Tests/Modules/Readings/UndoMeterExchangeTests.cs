using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MeterSync.Tests.Modules.Readings.ExchangeScene;

namespace MeterSync.Tests.Modules.Readings;

public abstract class UndoMeterExchangeTests(ServerFixture server)
{
    [Fact]
    public async Task Puts_the_old_meter_back_and_rejects_both_readings()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        var undone = await UndoAsync(scene, scene.Id, exchange);
        Assert.Equal(HttpStatusCode.OK, undone.Status);
        Assert.NotNull((string?)undone.Data["undone_at"]);

        var (old, following) = (await scene.MeterAsync(scene.Id), await scene.MeterAsync(NewId(exchange)));
        Assert.Equal(("active", (string?)scene.Meter["service_point_id"], 1400m), ((string?)old["status"], (string?)old["service_point_id"], (decimal?)old["last_reading"]!["value"]));
        Assert.Equal(("inactive", null), ((string?)following["status"], (string?)following["service_point_id"]));
        Assert.Null(following["last_reading"]);
        foreach (var field in new[] { "removal_reading_id", "install_reading_id" })
        {
            var reading = (await scene.Client.GetAsync($"/api/v1/readings/{(string?)exchange[field]}")).Data;
            Assert.Equal(("rejected", "The meter exchange was undone."), (reading.State(), (string?)reading["decision_note"]));
        }

        Assert.Equal((scene.Serial("A"), "missing"), (await scene.RowsAsync(20, 0)).Select(row => ((string?)row["serial_number"], (string?)row["state"])).Single());
        var next = await ReadingScene.ReadAsync(scene.Client, scene.AsScene, 1480, ReadingScene.Day(2));
        Assert.Equal(("accepted", 80m), (next.State(), next.Consumption()));
    }

    [Fact]
    public async Task Can_be_done_again_after_it_was_undone()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        await UndoAsync(scene, NewId(exchange), exchange);
        var again = await scene.ExchangeAsync(body: scene.Body(removal: 1460, install: 4));
        Assert.Equal((NewId(exchange), 60m), (NewId(again), again["removal"]!.Consumption()));
        var undone = await UndoAsync(scene, scene.Id, again);
        Assert.Equal(HttpStatusCode.OK, undone.Status);
        Assert.Equal("inactive", (string?)(await scene.MeterAsync(NewId(exchange)))["status"]);
        Assert.Equal(2, (await scene.Client.GetAsync($"/api/v1/meters/{scene.Id}/exchanges")).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Is_refused_twice_after_readings_after_another_exchange_and_for_strangers()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        var other = await MakeAsync(scene.Client);
        Assert.Equal("exchange.not_found", (await UndoAsync(scene, other.Id, exchange)).Code);
        var reading = await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(NewId(exchange))), 9, ReadingScene.Day(10));
        Assert.Equal("exchange.readings_follow", (await UndoAsync(scene, scene.Id, exchange)).Code);
        await scene.Client.PostAsync($"/api/v1/readings/{(string?)reading["id"]}/reject", new { reason = "Another meter" });

        var second = await scene.ExchangeAsync(NewId(exchange), scene.Body("C", removal: 20, install: 0, daysAgo: 5));
        Assert.Equal("exchange.not_last", (await UndoAsync(scene, scene.Id, exchange)).Code);
        Assert.Equal(HttpStatusCode.OK, (await UndoAsync(scene, NewId(second), second)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UndoAsync(scene, scene.Id, exchange)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "exchange.already_undone"), ((await UndoAsync(scene, scene.Id, exchange)).Status, (await UndoAsync(scene, scene.Id, exchange)).Code));
    }

    [Fact]
    public async Task Is_refused_once_a_bill_rests_on_it()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        var frozen = await scene.Client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(20), period_to = ReadingScene.Day(5), location_id = scene.Tag });
        await scene.Client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)frozen.Data["id"]}");
        var refused = await UndoAsync(scene, scene.Id, exchange);
        Assert.Equal((HttpStatusCode.Conflict, "exchange.billed"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_bill_that_was_frozen_before_the_exchange_was_recorded_rests_on_it_once_it_is_adjusted()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var frozen = await scene.Client.PostAsync("/api/v1/billing-runs", new { period_from = ReadingScene.Day(20), period_to = ReadingScene.Day(5), location_id = scene.Tag });
        var job = await scene.Client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)frozen.Data["id"]}");
        var run = $"/api/v1/billing-runs/{(string?)job["result"]!["billing_run_id"]}";
        var exchange = await scene.ExchangeAsync();
        Assert.Equal(HttpStatusCode.OK, (await UndoAsync(scene, scene.Id, exchange)).Status);
        Assert.Empty((await scene.Client.GetAsync(run + "/adjustments")).Data["items"]!.AsArray());
        var again = await scene.ExchangeAsync();
        Assert.Equal(HttpStatusCode.Created, (await scene.Client.PostAsync(run + "/adjustments")).Status);
        Assert.Equal("exchange.billed", (await UndoAsync(scene, scene.Id, again)).Code);
    }

    [Fact]
    public async Task Leaves_the_new_meter_what_it_took_over_at_its_place_before()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var first = await scene.ExchangeAsync(body: scene.Body(removal: 1416, daysAgo: 25));
        await scene.ExchangeAsync(NewId(first), scene.Body("C", removal: 20, install: 0, daysAgo: 20));
        var other = await scene.OtherAsync("X");
        var moved = await scene.ExchangeAsync((string)other["id"]!, scene.Body("B", removal: 5, install: 20, daysAgo: 12));
        Assert.Equal(HttpStatusCode.OK, (await UndoAsync(scene, NewId(moved), moved)).Status);
        Assert.Equal(("out_of_service", null), await StateAsync(scene, NewId(first)));

        // What the old meter used there before is expected of it, and counting begins at its install value of that place.
        var late = await ReadingScene.ReadAsync(scene.Client, SceneOf(await scene.MeterAsync(NewId(first))), 13, ReadingScene.Day(22));
        Assert.Equal(("accepted", 10m), (late.State(), late.Consumption()));
        Assert.InRange((decimal)late.Verdict()["expected"]!["average_daily_use"]!, 3.2m, 3.4m);
    }

    [Fact]
    public async Task Leaves_the_new_meter_where_somebody_had_put_it_before_without_an_exchange()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        await scene.ExchangeAsync();
        var patched = await scene.Client.PatchAsync($"/api/v1/meters/{scene.Id}", new { address = "2 Barn Lane", location_id = scene.Tag });
        Assert.Equal(HttpStatusCode.OK, patched.Status);
        var placed = DateTimeOffset.Parse((string)(await scene.MeterAsync(scene.Id))["installed_at"]!, System.Globalization.CultureInfo.InvariantCulture);
        await scene.ExchangeAsync(body: BodyNow(scene, "D", 1460, 0));
        var other = await scene.OtherAsync("X");
        var moved = await scene.ExchangeAsync((string)other["id"]!, BodyNow(scene, "A", 5, 1460));
        Assert.Equal(HttpStatusCode.OK, (await UndoAsync(scene, scene.Id, moved)).Status);
        await using var scope = server.Services.CreateAsyncScope();
        var id = new MeterId(Guid.Parse(scene.Id));
        var meter = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Meter>().AsNoTracking().SingleAsync(found => found.Id == id);
        Assert.Equal(placed, meter.SegmentFrom!.Value, TimeSpan.FromSeconds(1));
        Assert.True(meter.RemovedAt > placed);
    }

    private static object BodyNow(ExchangeScene scene, string name, decimal removal, decimal install) => new
    {
        serial_number = scene.Serial(name),
        removal_readings = new[] { new { ordinal = 1, value = removal } },
        install_readings = new[] { new { ordinal = 1, value = install } },
    };

    private static async Task<(string?, string?)> StateAsync(ExchangeScene scene, string id) => await scene.MeterAsync(id) is var meter ? ((string?)meter["status"], (string?)meter["service_point_id"]) : default;

    [Fact]
    public async Task Of_two_at_once_one_undoes()
    {
        var scene = await MakeAsync(await server.SignInAsync("manager"));
        var exchange = await scene.ExchangeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => UndoAsync(scene, scene.Id, exchange)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("exchange.already_undone", answer.Code));
    }

    private static Task<ApiAnswer> UndoAsync(ExchangeScene scene, string meter, System.Text.Json.Nodes.JsonNode exchange) =>
        scene.Client.DeleteAsync($"/api/v1/meters/{meter}/exchanges/{(string?)exchange["id"]}");
}

public sealed class UndoMeterExchangeOnSqliteTests(SqliteServer server) : UndoMeterExchangeTests(server), IClassFixture<SqliteServer>;

public sealed class UndoMeterExchangeOnPostgresTests(PostgresServer server) : UndoMeterExchangeTests(server), IClassFixture<PostgresServer>;
