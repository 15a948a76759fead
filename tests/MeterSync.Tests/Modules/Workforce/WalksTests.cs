using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>The order in which an agent is sent round, and who may be sent at all.</summary>
public abstract class WalksTests(ServerFixture server)
{
    [Fact]
    public async Task Work_given_by_a_route_keeps_the_order_of_its_stops()
    {
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("stops");
        var meters = await admin.MakeMetersAsync(5, place);
        var made = await admin.PostAsync("/api/v1/routes", new { name = WorkCalls.NewName("Back "), order_by = "shortest", start = new { latitude = 51.51, longitude = -0.12 }, stops = meters });
        var (agent, id) = await server.MakeAgentAsync(admin);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { route_id = made.Data["id"], agent_id = id })).Status);
        List<string> back = ["5 Mill Lane", "4 Mill Lane", "3 Mill Lane", "2 Mill Lane", "1 Mill Lane"];
        Assert.Equal(back, await WalkAsync(agent, id));

        // A second lot goes behind the first, and what is done goes to the end.
        var more = await admin.MakeMetersAsync(2, place + "b");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = more, agent_id = id })).Status);
        Assert.Equal([.. back, "1 Mill Lane", "2 Mill Lane"], await WalkAsync(agent, id));
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meters[4], reading_value = 1 })).Status);
        Assert.Equal([.. back[1..], "1 Mill Lane", "2 Mill Lane", back[0]], await WalkAsync(agent, id));
    }

    [Fact]
    public async Task A_route_of_nobody_is_spread_in_the_order_of_its_stops()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Stops ") })).Data["id"]!;
        var meters = await admin.MakeMetersAsync(4, WorkCalls.NewName("given"), region);
        var (agent, id) = await server.MakeAgentAsync(admin, 50, region);
        var made = await admin.PostAsync("/api/v1/routes", new { name = WorkCalls.NewName("Given "), order_by = "given", stops = new[] { meters[2], meters[0], meters[3], meters[1] } });
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { route_id = made.Data["id"] })).Status);
        Assert.Equal(["3 Mill Lane", "1 Mill Lane", "4 Mill Lane", "2 Mill Lane"], await WalkAsync(agent, id));
    }

    [Fact]
    public async Task Stops_that_are_nothing_are_refused()
    {
        var admin = await server.SignInAsync("admin");
        (await admin.PostAsync("/api/v1/routes", new { name = WorkCalls.NewName("None "), stops = new[] { Guid.Empty } })).Refused(HttpStatusCode.BadRequest, "route.bad_stop");
    }

    [Fact]
    public async Task Who_may_not_come_in_any_more_gets_no_work()
    {
        var admin = await server.SignInAsync("admin");
        var region = (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Gone ") })).Data["id"]!;
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("gone"), region);
        var (_, gone) = await server.MakeAgentAsync(admin, 50, region);
        var (_, here) = await server.MakeAgentAsync(admin, 50, region);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/users/{gone}")).Status);
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = gone })).Refused(HttpStatusCode.Conflict, "agent.retired");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters })).Status);
        Assert.Equal((0, 2), (await admin.LoadOfAsync(gone), await admin.LoadOfAsync(here)));
        Assert.DoesNotContain((await admin.GetAsync("/api/v1/agents/available?limit=100")).Items(), one => (string?)one["id"] == gone);
    }

    [Fact]
    public async Task A_manager_of_some_regions_sends_only_agents_of_these_and_opens_no_cycle_of_all()
    {
        var admin = await server.SignInAsync("admin");
        async Task<string> RegionAsync() => (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Bound ") })).Data["id"]!;
        var (own, other) = (await RegionAsync(), await RegionAsync());
        var place = WorkCalls.NewName("bound");
        var meters = await admin.MakeMetersAsync(2, place, own);
        var (_, theirs) = await server.MakeAgentAsync(admin, 50, other);
        var name = WorkCalls.NewName("bounded");
        await admin.MakeUserAsync(name, "manager", new[] { Guid.Parse(own) });
        var manager = await server.SignInWithAsync(name);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 10 })).Status);
        (await manager.PostAsync("/api/v1/re-reads", new { meter_id = meters[0], reason = "Too low", agent_id = theirs })).Refused(HttpStatusCode.NotFound, "agent.not_found");
        Assert.Equal(0, await admin.LoadOfAsync(theirs));

        var cycle = await admin.PlanCycleAsync(place, -1, 1);
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.PostAsync(cycle + "/open")).Status);
        Assert.Equal("planned", (string?)(await admin.GetAsync(cycle)).Data["status"]);
    }

    private static async Task<List<string>> WalkAsync(ApiClient agent, string id) => [.. (await agent.GetAsync($"/api/v1/assignments/agent/{id}")).Items().Select(work => (string)work["address"]!)];
}

public sealed class WalksOnSqliteTests(SqliteServer server) : WalksTests(server), IClassFixture<SqliteServer>;

public sealed class WalksOnPostgresTests(PostgresServer server) : WalksTests(server), IClassFixture<PostgresServer>;
