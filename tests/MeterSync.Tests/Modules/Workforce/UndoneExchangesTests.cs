using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>What an exchange did to the work is taken back with it, and what happens while one is made.</summary>
public abstract class UndoneExchangesTests(ServerFixture server)
{
    [Fact]
    public async Task Undoing_opens_the_work_again_that_the_exchange_had_done()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-20, 10);
        var (exchange, following) = await scene.ExchangeAsync();
        await scene.UndoAsync(exchange);
        var open = await scene.OnlyWorkOnAsync(scene.Old);
        Assert.Equal(("pending", null, null), ((string?)open["status"], (string?)open["reading_id"], (string?)open["completed_at"]));
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), await scene.CountAsync(cycle));
        Assert.Equal(1, await scene.LoadAsync());
        Assert.Equal([scene.Old], await scene.SeenByAgentAsync());
        Assert.Empty(await scene.WorkOnAsync(following));

        // And once more, with the same meter.
        await scene.ExchangeAsync();
        Assert.Equal((1, 1, 0, 0, 0, 0, 0), await scene.CountAsync(cycle));
        Assert.Equal(0, await scene.LoadAsync());
    }

    [Fact]
    public async Task Undoing_gives_the_work_that_went_on_to_whoever_has_it_by_then()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-10, 10);
        var (exchange, following) = await scene.ExchangeAsync();
        var (other, otherId) = await server.MakeAgentAsync(scene.Admin);
        await scene.Admin.PutAsync($"/api/v1/assignments/{(await scene.OnlyWorkOnAsync(following))["id"]}", new { agent_id = otherId });
        await scene.UndoAsync(exchange);
        Assert.Equal(["pending", "cancelled"], (await scene.WorkOnAsync(scene.Old)).Select(work => (string?)work["status"]));
        Assert.All(await scene.WorkOnAsync(following), work => Assert.Equal("cancelled", (string?)work["status"]));
        Assert.Equal((0, 1), (await scene.LoadAsync(), await scene.Admin.LoadOfAsync(otherId)));
        Assert.Equal((1, 0, 0, 0, 0, 1, 0), await scene.CountAsync(cycle));
        Assert.Equal(scene.Old, (string?)Assert.Single((await other.GetAsync("/api/v1/meters")).Items())["id"]);
    }

    [Fact]
    public async Task Undoing_leaves_work_that_nobody_can_take_again()
    {
        var scene = await PlaceScene.MakeAsync(server, maxLoad: 1);
        var cycle = await scene.CycleAsync(-20, 10);
        var (exchange, _) = await scene.ExchangeAsync();
        await scene.Admin.GiveAsync((await scene.Admin.MakeMetersAsync(1, WorkCalls.NewName("full")))[0], scene.AgentId);
        await scene.UndoAsync(exchange);
        Assert.Equal(("completed", 1), ((string?)(await scene.OnlyWorkOnAsync(scene.Old))["status"], await scene.LoadAsync()));
        Assert.Equal((1, 0, 0, 0, 0, 0, 1), await scene.CountAsync(cycle));

        var closed = await PlaceScene.MakeAsync(server);
        var done = await closed.CycleAsync(-20, 10);
        var (second, _) = await closed.ExchangeAsync();
        await closed.CloseAsync(done, null);
        await closed.UndoAsync(second);
        Assert.Equal(("completed", 0), ((string?)(await closed.OnlyWorkOnAsync(closed.Old))["status"], await closed.LoadAsync()));
        Assert.Equal(1, (await closed.CountAsync(done)).Unassigned);
    }

    [Fact]
    public async Task Undoing_leaves_a_visit_to_the_new_meter_where_it_was_made()
    {
        var scene = await PlaceScene.MakeAsync(server);
        var cycle = await scene.CycleAsync(-10, 10);
        var (exchange, following) = await scene.ExchangeAsync();
        Assert.Equal(HttpStatusCode.Created, (await scene.Agent.PostAsync("/api/v1/skips", new { meter_id = following, code = "dog" })).Status);
        await scene.UndoAsync(exchange);
        Assert.Single((await scene.Admin.GetAsync($"/api/v1/skips?meter_id={following}")).Items());
        Assert.Equal(("completed", "cancelled"), ((string?)(await scene.OnlyWorkOnAsync(following))["status"], (string?)(await scene.OnlyWorkOnAsync(scene.Old))["status"]));
        Assert.Equal((1, 0, 0, 0, 0, 0, 1), await scene.CountAsync(cycle));

        var read = await PlaceScene.MakeAsync(server);
        await read.CycleAsync(-10, 10);
        var (second, next) = await read.ExchangeAsync();
        await read.Agent.PostAsync("/api/v1/readings", new { meter_id = next, reading_value = 40 });
        Assert.Equal("exchange.readings_follow", (await read.TryUndoAsync(second)).Code);
    }

    [Fact]
    public async Task An_exchange_closes_follow_ups_and_undoing_opens_them_again()
    {
        var scene = await PlaceScene.MakeAsync(server);
        foreach (var (from, to, at) in new[] { (-29, -22, -25), (-14, 10, -1) })
        {
            await scene.CycleAsync(from, to);
            var skip = await scene.Agent.PostAsync("/api/v1/skips", new { meter_id = scene.Old, code = "dog", skipped_at = TimeProvider.System.GetUtcNow().AddDays(at) });
            Assert.True(skip.Status == HttpStatusCode.Created, skip.Body.ToJsonString());
        }

        async Task<int> OpenAsync() => (await scene.Admin.GetAsync("/api/v1/follow-ups?limit=100")).Items().Count(one => (string?)one["meter_id"] == scene.Old);
        Assert.Equal(1, await OpenAsync());
        var (exchange, _) = await scene.ExchangeAsync();
        Assert.Equal(0, await OpenAsync());
        await scene.UndoAsync(exchange);
        Assert.Equal(1, await OpenAsync());
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("move")]
    [InlineData("give")]
    [InlineData("read")]
    [InlineData("close")]
    public async Task Whatever_happens_while_meters_are_exchanged_each_place_has_its_work_once(string what)
    {
        for (var round = 0; round < 4; round++)
        {
            var scene = await PlaceScene.MakeAsync(server);
            var cycle = await scene.CycleAsync(-10, 10, give: what != "give");
            var (_, otherId) = await server.MakeAgentAsync(scene.Admin);
            var work = what == "give" ? null : await scene.OnlyWorkOnAsync(scene.Old);
            Task<ApiAnswer> other = what switch
            {
                "complete" => scene.Agent.PutAsync($"/api/v1/assignments/me/{work!["id"]}/status", new { status = "completed" }),
                "move" => scene.Admin.PutAsync($"/api/v1/assignments/{work!["id"]}", new { agent_id = otherId }),
                "give" => scene.Admin.PostAsync("/api/v1/assignments", new { meter_id = scene.Old, agent_id = scene.AgentId }),
                "read" => scene.Agent.PostAsync("/api/v1/readings", new { meter_id = scene.Old, reading_value = 1448, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(-16) }),
                _ => scene.Admin.PostAsync(cycle + "/close", new { missed = "leave" }),
            };
            var exchange = scene.Admin.PostAsync($"/api/v1/meters/{scene.Old}/exchange", scene.Exchanges.Body());
            var answers = await Task.WhenAll(other, exchange);
            Assert.All(answers, answer => Assert.True((int)answer.Status < 500, answer.Body.ToJsonString()));
            Assert.True(answers[1].Status == HttpStatusCode.Created, answers[1].Body.ToJsonString());
            if (what == "close")
            {
                await scene.Admin.WaitForJobAsync($"{cycle}/close/{answers[0].Data["id"]}");
            }

            var following = (string)answers[1].Data["new_meter"]!["id"]!;
            Assert.DoesNotContain(await scene.WorkOnAsync(scene.Old), IsOpen);
            var open = (await scene.WorkOnAsync(following)).Where(IsOpen).ToList();
            Assert.InRange(open.Count, 0, 1);
            Assert.Equal(open.Count, await scene.LoadAsync() + await scene.Admin.LoadOfAsync(otherId));
            Assert.Equal((1, open.Count), ((await scene.CountAsync(cycle)).Total, (await scene.CountAsync(cycle)).Assigned));
        }
    }

    private static bool IsOpen(System.Text.Json.Nodes.JsonNode work) => (string?)work["status"] is "pending" or "in_progress" or "overdue";
}

public sealed class UndoneExchangesOnSqliteTests(SqliteServer server) : UndoneExchangesTests(server), IClassFixture<SqliteServer>;

public sealed class UndoneExchangesOnPostgresTests(PostgresServer server) : UndoneExchangesTests(server), IClassFixture<PostgresServer>;
