using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>Two months open at once, and windows that begin where not every month does.</summary>
public abstract class CycleEdgesTests(ServerFixture server)
{
    [Fact]
    public async Task Work_belongs_to_the_cycle_of_now_and_a_named_one_must_hold_the_meter()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("both");
        var meters = await admin.MakeMetersAsync(2, place);
        var stranger = (await admin.MakeMetersAsync(1, place + "x"))[0];
        var april = await admin.OpenCycleAsync(place, -5, 10);
        var march = await admin.OpenCycleAsync(place, -30, -5);
        var given = await admin.GiveAsync(meters[0], id);
        Assert.EndsWith((string)given["cycle_id"]!, april);
        var named = (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[1], agent_id = id, cycle_id = march.Split('/')[^1] })).Data;
        Assert.EndsWith((string)named["cycle_id"]!, march);
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = stranger, agent_id = id, cycle_id = march.Split('/')[^1] })).Refused(HttpStatusCode.Conflict, "cycle.meter_not_in_it");
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = stranger, agent_id = id, cycle_id = Guid.CreateVersion7() })).Refused(HttpStatusCode.Conflict, "cycle.not_open");
    }

    [Fact]
    public async Task Closing_last_month_carries_its_open_work_over_to_this_one()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("carry");
        var meters = await admin.MakeMetersAsync(2, place);
        var march = await admin.OpenCycleAsync(place, -30, -5);
        var work = await admin.GiveAsync(meters[0], id);
        var april = await admin.OpenCycleAsync(place, -5, 10, "spread");
        var job = await admin.CloseCycleAsync(march);
        Assert.Equal(0, (int)job["result"]!["cancelled"]!);
        var carried = (await admin.GetAsync($"/api/v1/assignments/{work["id"]}")).Data;
        Assert.Equal(("pending", 2), ((string?)carried["status"], (int)(await admin.GetAsync(april + "/progress")).Data["meters"]!["assigned"]!));
        Assert.EndsWith((string)carried["cycle_id"]!, april);
        Assert.True((DateTimeOffset)carried["due_at"]! > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Opening_gives_nobody_a_meter_that_was_read_in_the_window_already()
    {
        var admin = await server.SignInAsync("admin");
        await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("early");
        var meters = await admin.MakeMetersAsync(2, place);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 1, source = "telemetry" })).Status);
        var cycle = await admin.OpenCycleAsync(place, -5, 5, "spread");
        var counts = (await admin.GetAsync(cycle + "/progress")).Data["meters"]!;
        Assert.Equal((1, 1, 0), ((int)counts["read"]!, (int)counts["assigned"]!, (int)counts["unassigned"]!));
        Assert.Equal(meters[1], (string?)Assert.Single((await admin.GetAsync($"/api/v1/assignments?cycle_id={cycle.Split('/')[^1]}")).Items())["meter_id"]);
    }

    [Fact]
    public async Task A_manager_of_the_region_closes_it_with_the_meters_that_were_taken_away_since()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Taken ") })).Data["id"]!;
        var (name, now) = (WorkCalls.NewName("closer"), TimeProvider.System.GetUtcNow());
        await admin.MakeUserAsync(name, "manager", new[] { Guid.Parse(region) });
        var manager = await server.SignInWithAsync(name);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("taken"), region);
        foreach (var (meter, days, value) in meters.SelectMany(meter => new[] { (meter, -90, 100), (meter, -60, 130) }))
        {
            Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = value, reading_timestamp = now.AddDays(days) })).Status);
        }

        static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var made = await manager.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Region "), window_from = Day(now.AddDays(-30)), window_to = Day(now.AddDays(-5)), region_id = region });
        var path = $"/api/v1/read-cycles/{made.Data["id"]}";
        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsync(path + "/open")).Status);
        var exchange = await manager.PostAsync($"/api/v1/meters/{meters[0]}/exchange", new
        {
            serial_number = WorkCalls.NewName("TK-"),
            exchanged_at = now.AddDays(-2),
            removal_readings = new[] { new { ordinal = 1, value = 190 } },
            install_readings = new[] { new { ordinal = 1, value = 0 } },
        });
        Assert.True(exchange.Status == HttpStatusCode.Created, exchange.Body.ToJsonString());
        Assert.Equal(2, (int)(await manager.GetAsync(path + "/progress")).Data["meters"]!["total"]!);
        Assert.Equal(2, (await manager.GetAsync(path + "/meters?outcome=missing")).Items().Count);
        var job = await manager.CloseCycleAsync(path, "estimate");
        Assert.Equal((2, 0), ((int)job["result"]!["estimated"]!, (int)job["result"]!["missed"]!));
    }

    [Fact]
    public async Task A_cycle_that_begins_on_a_31st_does_so_again_after_february()
    {
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("ends");
        await admin.MakeMetersAsync(1, place);
        var made = await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = "2025-12-31", window_to = "2026-01-30", location_id = place, repeats = "monthly" });
        var (path, begins) = ($"/api/v1/read-cycles/{made.Data["id"]}", new List<string>());
        for (var month = 0; month < 3; month++)
        {
            Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync(path + "/open")).Status);
            var job = await admin.CloseCycleAsync(path);
            path = $"/api/v1/read-cycles/{job["result"]!["next_id"]}";
            begins.Add(((string)(await admin.GetAsync(path)).Data["window_from"]!)[..10]);
        }

        Assert.Equal(["2026-01-31", "2026-02-28", "2026-03-31"], begins);
    }
}

public sealed class CycleEdgesOnSqliteTests(SqliteServer server) : CycleEdgesTests(server), IClassFixture<SqliteServer>;

public sealed class CycleEdgesOnPostgresTests(PostgresServer server) : CycleEdgesTests(server), IClassFixture<PostgresServer>;
