using System.Net;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.Regions;

public abstract class ExchangesInOwnRegionsTests(ServerFixture server)
{
    [Fact]
    public async Task Meters_of_the_own_region_are_exchanged_and_both_segments_are_seen_there()
    {
        var scene = await RegionScene.MakeAsync(server);
        var answer = await scene.Manager.PostAsync($"/api/v1/meters/{scene.Own.Id}/exchange", Body(scene, "new"));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body.ToJsonString());
        var following = (string)answer.Data["new_meter"]!["id"]!;
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Manager.GetAsync($"/api/v1/meters/{scene.Own.Id}")).Status);
        Assert.Equal(scene.North, (string?)(await scene.Manager.GetAsync($"/api/v1/meters/{following}")).Data["region_id"]);
        Assert.Equal(scene.Own.SerialNumber, (string?)(await scene.Manager.GetAsync($"/api/v1/meters/{following}/exchanges")).Data["items"]![0]!["old_meter"]!["serial_number"]);

        // What the region was billed for stays seen there, and only there, wherever the meter went.
        var expected = new[] { $"{scene.Tag}-new", scene.Own.SerialNumber };
        Assert.Equal(expected, await RowsAsync(scene, scene.Manager));
        var elsewhere = await scene.Admin.PostAsync($"/api/v1/meters/{scene.Other.Id}/exchange", Body(scene, "own", install: 1150, daysAgo: 5));
        Assert.True(elsewhere.Status == HttpStatusCode.Created, elsewhere.Body.ToJsonString());
        await ReadingScene.ReadAsync(scene.Admin, scene.Own, 1160, ReadingScene.Day(1));
        Assert.Equal(expected, await RowsAsync(scene, scene.Manager));
        scene.See(scene.South);
        Assert.Equal([scene.Other.SerialNumber, scene.Own.SerialNumber], await RowsAsync(scene, scene.Manager));

        scene.See(scene.North);
        var undone = await scene.Manager.DeleteAsync($"/api/v1/meters/{following}/exchanges/{(string?)answer.Data["id"]}");
        Assert.Equal("exchange.not_last", undone.Code);
    }

    [Fact]
    public async Task What_is_elsewhere_is_not_there()
    {
        var scene = await RegionScene.MakeAsync(server);
        Assert.Equal("meter.not_found", (await scene.Manager.PostAsync($"/api/v1/meters/{scene.Other.Id}/exchange", Body(scene, "new"))).Code);
        Assert.Equal("meter.serial_taken", (await scene.Manager.PostAsync($"/api/v1/meters/{scene.Own.Id}/exchange", Body(scene, "other"))).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Manager.GetAsync($"/api/v1/meters/{scene.Other.Id}/exchanges")).Status);
        var made = (await scene.Admin.PostAsync($"/api/v1/meters/{scene.Other.Id}/exchange", Body(scene, "third"))).Data;
        Assert.Equal("exchange.not_found", (await scene.Manager.DeleteAsync($"/api/v1/meters/{scene.Other.Id}/exchanges/{(string?)made["id"]}")).Code);
    }

    [Fact]
    public async Task An_own_exchange_is_undone_although_the_old_meter_is_in_store()
    {
        var scene = await RegionScene.MakeAsync(server);
        var made = (await scene.Manager.PostAsync($"/api/v1/meters/{scene.Own.Id}/exchange", Body(scene, "new"))).Data;
        var undone = await scene.Manager.DeleteAsync($"/api/v1/meters/{scene.Own.Id}/exchanges/{(string?)made["id"]}");
        Assert.True(undone.Status == HttpStatusCode.OK, undone.Body.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, (await scene.Manager.GetAsync($"/api/v1/meters/{scene.Own.Id}")).Status);
    }

    private static object Body(RegionScene scene, string name, decimal install = 0, int daysAgo = 10) => new
    {
        serial_number = $"{scene.Tag}-{name}",
        exchanged_at = ReadingScene.Day(daysAgo),
        removal_readings = new[] { new { ordinal = 1, value = 1150 } },
        install_readings = new[] { new { ordinal = 1, value = install } },
    };

    private static async Task<string[]> RowsAsync(RegionScene scene, ApiClient client)
    {
        var path = $"/api/v1/billing-rows?from={ReadingScene.Text(ReadingScene.Day(20))}&to={ReadingScene.Text(ReadingScene.Day(0))}&location_id={scene.Tag}&limit=100";
        var (rows, total) = ((await client.GetAsync(path)).Data["items"]!.AsArray(), (int)(await client.GetAsync(path)).Data["total"]!);
        Assert.Equal(rows.Count, total);
        return [.. rows.Select(row => (string)row!["serial_number"]!)];
    }
}

public sealed class ExchangesInOwnRegionsOnSqliteTests(NarrowSqliteServer server) : ExchangesInOwnRegionsTests(server), IClassFixture<NarrowSqliteServer>;

public sealed class ExchangesInOwnRegionsOnPostgresTests(NarrowPostgresServer server) : ExchangesInOwnRegionsTests(server), IClassFixture<NarrowPostgresServer>;
