using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>What becomes of cycles, work, routes, re-reads and proposals when a meter is exchanged.</summary>
public abstract class FollowExchangesTests(ServerFixture server)
{
    [Fact]
    public async Task An_exchange_in_the_window_is_the_cycles_read_and_ends_the_work()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-20, 10);
        var before = await scene.ToldAsync(0);
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), await scene.CountAsync(cycle));
        var (exchange, following) = await scene.ExchangeAsync();

        Assert.Equal((1, 1, 0, 0, 0, 0, 0), await scene.CountAsync(cycle));
        var done = await scene.OnlyWorkOnAsync(scene.Old);
        Assert.Equal(("completed", (string?)exchange["removal_reading_id"], $"The meter was exchanged for {scene.Exchanges.Serial("B")}."), ((string?)done["status"], (string?)done["reading_id"], (string?)done["completion_notes"]));
        Assert.Empty(await scene.WorkOnAsync(following));
        Assert.Equal(0, await scene.LoadAsync());
        Assert.Equal([(ChangedEntity.Assignment, Guid.Parse((string)done["id"]!), false), (ChangedEntity.Meter, Guid.Parse(scene.Old), false)], await scene.ToldAsync(before.Count));

        // Nothing is missing: no word about estimates is needed, and none is made.
        var result = await scene.CloseAsync(cycle, null);
        Assert.Equal((1, 0, 0), ((int)result["meters"]!, (int)result["estimated"]!, (int)result["missed"]!));
        foreach (var meter in new[] { scene.Old, following })
        {
            Assert.Empty((await scene.Admin.GetAsync($"/api/v1/readings?meter_id={meter}&source=estimate")).Items());
        }
    }

    [Fact]
    public async Task An_exchange_before_the_window_hands_the_work_to_the_new_meter()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var route = (await scene.Admin.PostAsync("/api/v1/routes", new { name = WorkCalls.NewName("Walk "), agent_id = scene.AgentId, stops = new[] { (string?)scene.Exchanges.Meter["service_point_id"] } })).Data;
        var cycle = await scene.CycleAsync(-10, 10, give: false);
        Assert.Equal(HttpStatusCode.Created, (await scene.Admin.PostAsync("/api/v1/assignments/bulk", new { route_id = (string?)route["id"], estimated_time = 12 })).Status);
        var given = await scene.OnlyWorkOnAsync(scene.Old);
        await scene.Agent.PutAsync($"/api/v1/assignments/me/{given["id"]}/status", new { status = "in_progress" });
        var before = await scene.ToldAsync(0);
        var (_, following) = await scene.ExchangeAsync();

        var (old, next) = (await scene.OnlyWorkOnAsync(scene.Old), await scene.OnlyWorkOnAsync(following));
        Assert.Equal(("cancelled", "in_progress", scene.AgentId), ((string?)old["status"], (string?)next["status"], (string?)next["agent_id"]));
        Assert.Equal((string?)old["id"], (string?)next["moved_from_id"]);
        foreach (var field in new[] { "cycle_id", "route_id", "position", "due_at", "estimated_time", "started_at" })
        {
            Assert.True(JsonNode.DeepEquals(given[field], next[field]) || field == "started_at", $"{field}: {given[field]} became {next[field]}");
        }

        Assert.NotNull((string?)next["started_at"]);
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), await scene.CountAsync(cycle));
        Assert.Equal(1, await scene.LoadAsync());
        Assert.Equal([following], await scene.SeenByAgentAsync());
        Guid Id(JsonNode work) => Guid.Parse((string)work["id"]!);
        Assert.Equal(
            new HashSet<(ChangedEntity, Guid, bool)> { (ChangedEntity.Assignment, Id(old), true), (ChangedEntity.Meter, Guid.Parse(scene.Old), true), (ChangedEntity.Assignment, Id(next), false), (ChangedEntity.Meter, Guid.Parse(following), false) },
            (await scene.ToldAsync(before.Count)).ToHashSet());
        Assert.Equal([following], (await scene.Admin.GetAsync($"/api/v1/routes/{route["id"]}")).Data["stops"]![0]!["meter_ids"]!.AsArray().Select(id => (string?)id));
        Assert.NotNull(server.Services.GetRequiredService<ICycleWindows>().OfMeter(new MeterId(Guid.Parse(following)), ReadingScene.Day(1)));

        // The install reading is not what the work waits for, neither at once nor at the minute's pass.
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        Assert.Equal(1, await scene.LoadAsync());
        Assert.Equal(HttpStatusCode.Created, (await scene.Agent.PostAsync("/api/v1/readings", new { meter_id = following, reading_value = 60 })).Status);
        Assert.Equal((1, 1, 0, 0, 0, 0, 0), await scene.CountAsync(cycle));
        Assert.Equal(("completed", 0), ((string?)(await scene.OnlyWorkOnAsync(following))["status"], await scene.LoadAsync()));

        // A phone that comes back late with the old meter's value may still bring it.
        var late = await scene.Agent.PostAsync("/api/v1/readings", new { meter_id = scene.Old, reading_value = 1445, reading_timestamp = ReadingScene.Day(16) });
        Assert.True(late.Status == HttpStatusCode.Created, late.Body.ToJsonString());
    }

    [Fact]
    public async Task What_was_missed_after_an_exchange_is_estimated_at_the_new_meter()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-10, 10);
        var (_, following) = await scene.ExchangeAsync();
        (await scene.Admin.PostAsync(cycle + "/close")).Refused(HttpStatusCode.Conflict, "cycle.has_open_work");
        var result = await scene.CloseAsync(cycle, "estimate");
        Assert.Equal((1, 1, 0, 1), ((int)result["meters"]!, (int)result["estimated"]!, (int)result["missed"]!, (int)result["cancelled"]!));
        Assert.Single((await scene.Admin.GetAsync($"/api/v1/readings?meter_id={following}&source=estimate")).Items());
        Assert.Empty((await scene.Admin.GetAsync($"/api/v1/readings?meter_id={scene.Old}&source=estimate")).Items());
        Assert.Equal(0, await scene.LoadAsync());
    }

    [Fact]
    public async Task A_closed_cycle_and_one_whose_window_was_over_keep_the_old_meter()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var closed = await scene.CycleAsync(-70, -50, give: false);
        await scene.CloseAsync(closed, "leave");
        var over = await scene.CycleAsync(-45, -20);
        var (counted, read) = (await scene.CountAsync(closed), await scene.CountAsync(over));
        Assert.Equal((1, 1), (counted.Read, read.Read));
        var (_, following) = await scene.ExchangeAsync();
        Assert.Equal(counted, await scene.CountAsync(closed));
        Assert.Equal(read, await scene.CountAsync(over));
        Assert.Equal("completed", (string?)(await scene.OnlyWorkOnAsync(scene.Old))["status"]);
        Assert.Empty(await scene.WorkOnAsync(following));
        Assert.Null(server.Services.GetRequiredService<ICycleWindows>().OfMeter(new MeterId(Guid.Parse(following)), ReadingScene.Day(25)));
    }

    [Fact]
    public async Task A_meter_that_comes_back_is_counted_once()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-20, 10);
        var (_, following) = await scene.ExchangeAsync();
        var back = await scene.Exchanges.ExchangeAsync(following, scene.Exchanges.Body("A", removal: 20, install: 1460, daysAgo: 5));
        Assert.Equal(scene.Old, ExchangeScene.NewId(back));
        Assert.Equal((1, 1, 0, 0, 0, 0, 0), await scene.CountAsync(cycle));
        var undone = await scene.Admin.DeleteAsync($"/api/v1/meters/{following}/exchanges/{(string?)back["id"]}");
        Assert.True(undone.Status == HttpStatusCode.OK, undone.Body.ToJsonString());
        Assert.Equal((1, 1, 0, 0, 0, 0, 0), await scene.CountAsync(cycle));
    }

    [Fact]
    public async Task Work_outside_of_cycles_is_done_by_a_later_exchange_and_goes_on_after_an_earlier_one()
    {
        var scene = await PlaceScene.MakeAsync(server);
        await scene.Admin.GiveAsync(scene.Old, scene.AgentId);
        var (_, following) = await scene.ExchangeAsync();
        var next = await scene.OnlyWorkOnAsync(following);
        Assert.Equal(("pending", 1), ((string?)next["status"], await scene.LoadAsync()));

        var now = new
        {
            serial_number = scene.Exchanges.Serial("C"),
            removal_readings = new[] { new { ordinal = 1, value = 9m } },
            install_readings = new[] { new { ordinal = 1, value = 0m } },
        };
        var third = ExchangeScene.NewId(await scene.Exchanges.ExchangeAsync(following, now));
        Assert.Equal(("completed", 0), ((string?)(await scene.OnlyWorkOnAsync(following))["status"], await scene.LoadAsync()));
        Assert.Empty(await scene.WorkOnAsync(third));
    }

    [Fact]
    public async Task A_re_read_ends_with_the_removal_value()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var asked = await scene.Admin.PostAsync("/api/v1/re-reads", new { meter_id = scene.Old, reason = "Twice the use of last year", agent_id = scene.AgentId });
        Assert.Equal(HttpStatusCode.Created, asked.Status);
        var (exchange, following) = await scene.ExchangeAsync();
        var done = await scene.OnlyWorkOnAsync(scene.Old);
        Assert.Equal(("completed", (string?)exchange["removal_reading_id"]), ((string?)done["status"], (string?)done["reading_id"]));
        Assert.Empty(await scene.WorkOnAsync(following));
        var reRead = Assert.Single((await scene.Admin.GetAsync($"/api/v1/re-reads?meter_id={scene.Old}&status=done")).Items());
        Assert.Equal((string?)exchange["removal_reading_id"], (string?)reRead["answered_by"]);
        (await scene.Admin.PostAsync("/api/v1/re-reads", new { meter_id = scene.Old, reason = "Still doubted" })).Refused(HttpStatusCode.BadRequest, "reading.re_read_not_possible");

        await scene.UndoAsync(exchange);
        Assert.Single((await scene.Admin.GetAsync($"/api/v1/re-reads?meter_id={scene.Old}&status=open")).Items());
        Assert.Equal(("pending", 1), ((string?)(await scene.OnlyWorkOnAsync(scene.Old))["status"], await scene.LoadAsync()));
    }

    [Fact]
    public async Task Proposals_for_the_place_go_on_and_those_for_the_device_stay()
    {
        var scene = await PlaceScene.MakeAsync(server);
        await scene.Admin.GiveAsync(scene.Old, scene.AgentId);
        var ofPlace = (await scene.Agent.PostAsync("/api/v1/approvals", new { meter_id = scene.Old, meter_data = new { address = "9a Mill Lane", access_notes = "Ring twice" } })).Data;
        var ofDevice = (await scene.Agent.PostAsync("/api/v1/approvals", new { meter_id = scene.Old, meter_data = new { serial_number = scene.Exchanges.Serial("A2"), address = "9b Mill Lane" } })).Data;
        var (_, following) = await scene.ExchangeAsync();
        Assert.Equal((following, scene.Old), ((string?)(await scene.Admin.GetAsync($"/api/v1/approvals/{ofPlace["id"]}")).Data["meter_id"], (string?)(await scene.Admin.GetAsync($"/api/v1/approvals/{ofDevice["id"]}")).Data["meter_id"]));
        var approved = await scene.Admin.PutAsync($"/api/v1/approvals/{ofPlace["id"]}/approve");
        Assert.True(approved.Status == HttpStatusCode.OK, approved.Body.ToJsonString());
        Assert.Equal("9a Mill Lane", (string?)(await scene.Exchanges.MeterAsync(following))["address"]);
        (await scene.Admin.PutAsync($"/api/v1/approvals/{ofDevice["id"]}/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_changed");
    }

    [Fact]
    public async Task An_agent_may_not_exchange_and_changes_nothing()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-20, 10);
        var before = await scene.ToldAsync(0);
        (await scene.Agent.PostAsync($"/api/v1/meters/{scene.Old}/exchange", scene.Exchanges.Body())).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), await scene.CountAsync(cycle));
        Assert.Equal((1, "pending"), (await scene.LoadAsync(), (string?)(await scene.OnlyWorkOnAsync(scene.Old))["status"]));
        Assert.Empty(await scene.ToldAsync(before.Count));
    }
}

public sealed class FollowExchangesOnSqliteTests(SqliteServer server) : FollowExchangesTests(server), IClassFixture<SqliteServer>;

public sealed class FollowExchangesOnPostgresTests(PostgresServer server) : FollowExchangesTests(server), IClassFixture<PostgresServer>;
