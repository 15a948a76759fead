using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class GetRegionStatsTests(ServerFixture server)
{
    [Fact]
    public async Task Counts_what_is_in_the_region_and_what_was_done_there()
    {
        var admin = await server.SignInAsync("admin");
        var scene = await SceneAsync(admin);
        var stats = (await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Data;
        Assert.Equal((5, 4, 1, 0), ((int)stats["meters"]!["total"]!, (int)stats["meters"]!["by_status"]!["active"]!, (int)stats["meters"]!["by_status"]!["inactive"]!, (int)stats["meters"]!["by_status"]!["out_of_service"]!));
        Assert.Equal((5, 0), ((int)stats["meters"]!["by_type"]!["water"]!, (int)stats["meters"]!["by_type"]!["gas"]!));
        Assert.Equal((1, 1, 0), ((int)stats["agents"]!["total"]!, (int)stats["agents"]!["by_status"]!["available"]!, (int)stats["agents"]!["by_status"]!["busy"]!));
        Assert.Equal("""{"open":1,"pending":1,"in_progress":0,"overdue":0,"completed":2}""", stats["assignments"]!.ToJsonString());
        Assert.Equal("""{"accepted":2,"held":1,"rejected":0}""", stats["readings"]!.ToJsonString());
        Assert.Equal("""[{"code":"dog","count":1}]""", stats["skips_by_code"]!.ToJsonString());
        Assert.Equal("""{"active":4,"read":2,"percent":50}""", stats["coverage"]!.ToJsonString());
        Assert.Equal(30, ((DateTimeOffset)stats["to"]! - (DateTimeOffset)stats["from"]!).TotalDays);

        await FollowAsync(admin, stats);

        // Local days, both included; before them nothing happened.
        var past = (await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats?start_date=2020-01-01&end_date=2020-01-31")).Data;
        Assert.Equal(("""{"accepted":0,"held":0,"rejected":0}""", 0, 0, 1, 4), (past["readings"]!.ToJsonString(), (int)past["coverage"]!["read"]!, (int)past["assignments"]!["completed"]!, (int)past["assignments"]!["open"]!, (int)past["coverage"]!["active"]!));
        Assert.Equal(31, ((DateTimeOffset)past["to"]! - (DateTimeOffset)past["from"]!).TotalDays);
        var march = (await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats?end_date=2020-01-31")).Data;
        Assert.Equal(30, ((DateTimeOffset)march["to"]! - (DateTimeOffset)march["from"]!).TotalDays);
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var wrong in new[] { "start_date=2026-02-30", "end_date=soon", "start_date=2020-02-01&end_date=2020-01-01", $"start_date={TimeProvider.System.GetUtcNow().AddDays(2):yyyy-MM-dd}" })
        {
            (await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats?{wrong}")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats?start_date=2020-02-01&end_date={today}")).Status);
    }

    [Fact]
    public async Task An_empty_region_is_all_zeros()
    {
        var admin = await server.SignInAsync("admin");
        var region = await RegionAsync(admin);
        var stats = (await admin.GetAsync($"/api/v1/regions/{region}/stats")).Data;
        Assert.Equal((0, 0, 0), ((int)stats["meters"]!["total"]!, (int)stats["agents"]!["total"]!, (int)stats["assignments"]!["open"]!));
        Assert.Equal("""{"active":0,"read":0,"percent":null}""", stats["coverage"]!.ToJsonString());
        (await admin.GetAsync($"/api/v1/regions/{Guid.CreateVersion7()}/stats")).Refused(HttpStatusCode.NotFound, "region.not_found");
    }

    [Fact]
    public async Task Whoever_sees_other_regions_only_does_not_see_it_and_an_agent_counts_the_own_work()
    {
        var admin = await server.SignInAsync("admin");
        var scene = await SceneAsync(admin);
        var (own, other) = (WorkCalls.NewName("ours"), WorkCalls.NewName("theirs"));
        await admin.MakeUserAsync(own, "manager", new[] { Guid.Parse(scene.Region) });
        await admin.MakeUserAsync(other, "manager", new[] { Guid.Parse(await RegionAsync(admin)) });
        var (seeing, blind) = (await server.SignInWithAsync(own), await server.SignInWithAsync(other));
        (await blind.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Refused(HttpStatusCode.NotFound, "region.not_found");
        var (all, bounded) = ((await admin.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Data, (await seeing.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Data);
        foreach (var part in new[] { "meters", "agents", "assignments", "readings", "skips_by_code", "coverage" })
        {
            Assert.Equal(all[part]!.ToJsonString(), bounded[part]!.ToJsonString());
        }

        await FollowAsync(seeing, bounded);
        // Of a region outside of the own ones nothing is listed.
        Assert.Equal(0, (int)(await blind.GetAsync($"/api/v1/readings?region_id={scene.Region}")).Data["total"]!);
        Assert.Equal(3, (int)(await seeing.GetAsync($"/api/v1/readings?region_id={scene.Region}")).Data["total"]!);
        Assert.Equal(0, (int)(await admin.GetAsync($"/api/v1/readings?region_id={Guid.CreateVersion7()}")).Data["total"]!);
        Assert.Equal(1, (int)(await scene.Agent.GetAsync($"/api/v1/readings?region_id={scene.Region}")).Data["total"]!);

        var mine = (await scene.Agent.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Data;
        Assert.Equal(("""{"open":1,"pending":1,"in_progress":0,"overdue":0,"completed":2}""", 1), (mine["assignments"]!.ToJsonString(), (int)mine["agents"]!["total"]!));
        var (stranger, _) = await server.MakeAgentAsync(admin);
        var none = (await stranger.GetAsync($"/api/v1/regions/{scene.Region}/stats")).Data;
        Assert.Equal(("""{"open":0,"pending":0,"in_progress":0,"overdue":0,"completed":0}""", """{"accepted":0,"held":0,"rejected":0}""", 0, 0), (none["assignments"]!.ToJsonString(), none["readings"]!.ToJsonString(), (int)none["meters"]!["total"]!, (int)none["agents"]!["total"]!));
    }

    [Fact]
    public async Task Regions_show_how_many_meters_and_agents_they_have_with_two_queries_a_page()
    {
        var admin = await server.SignInAsync("admin");
        var stem = WorkCalls.NewName("counted ");
        var regions = new List<string>();
        for (var index = 0; index < 6; index++)
        {
            regions.Add((string)(await admin.PostAsync("/api/v1/regions", new { name = $"{stem} {index}" })).Data["id"]!);
            await admin.MakeMetersAsync(index, stem, regions[index]);
        }

        await server.MakeAgentAsync(admin, region: regions[1]);
        var (_, retired) = await server.MakeAgentAsync(admin, region: regions[1]);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/agents/{retired}", new { region_id = regions[1], max_load = 5, retired = true })).Status);
        var shown = (await admin.GetAsync($"/api/v1/regions/{regions[1]}")).Data;
        Assert.Equal((1, 1), ((int)shown["meter_count"]!, (int)shown["agent_count"]!));

        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.DatabaseFile);
        var before = count.Statements.Count;
        var listed = (await admin.GetAsync($"/api/v1/regions?search={Uri.EscapeDataString(stem)}")).Items();
        Assert.Equal([(0, 0), (1, 1), (2, 0), (3, 0), (4, 0), (5, 0)], listed.Select(region => ((int)region["meter_count"]!, (int)region["agent_count"]!)));
        var counting = count.Statements.Skip(before).Where(statement => statement.Contains("service_points", StringComparison.Ordinal) || statement.Contains("agents", StringComparison.Ordinal)).ToList();
        Assert.True(counting.Count == 2, string.Join("\n---\n", counting));

        // A meter that leaves is counted no more.
        var meter = (await admin.GetAsync($"/api/v1/meters?region_id={regions[2]}")).Items()[0];
        await admin.PatchAsync($"/api/v1/meters/{meter["id"]}", new { region_id = regions[0] });
        Assert.Equal(1, (int)(await admin.GetAsync($"/api/v1/regions/{regions[2]}")).Data["meter_count"]!);
        Assert.Equal(1, (int)(await admin.GetAsync($"/api/v1/regions/{regions[0]}")).Data["meter_count"]!);
    }

    [Fact]
    public async Task A_region_that_agents_routes_or_cycles_name_is_not_deleted()
    {
        var admin = await server.SignInAsync("admin");
        var (crewed, walked, cycled) = (await RegionAsync(admin), await RegionAsync(admin), await RegionAsync(admin));
        var (_, agent) = await server.MakeAgentAsync(admin, region: crewed);
        var refused = await admin.DeleteAsync($"/api/v1/regions/{crewed}");
        refused.Refused(HttpStatusCode.Conflict, "region.in_use");
        Assert.Contains(" is named by 1 agent.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/agents/{agent}", new { max_load = 5 })).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/regions/{crewed}")).Status);

        var place = WorkCalls.NewName("tied");
        var meters = await admin.MakeMetersAsync(2, place);
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/routes", new { name = WorkCalls.NewName("Tied route "), region_id = walked, stops = meters })).Status);
        }

        refused = await admin.DeleteAsync($"/api/v1/regions/{walked}");
        refused.Refused(HttpStatusCode.Conflict, "region.in_use");
        Assert.Contains(" is named by 2 routes.", refused.Message, StringComparison.Ordinal);

        var cycle = await admin.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Tied round "), window_from = "2026-01-01", window_to = "2026-02-01", region_id = cycled });
        Assert.True(cycle.Status == HttpStatusCode.Created, cycle.Body.ToJsonString());
        refused = await admin.DeleteAsync($"/api/v1/regions/{cycled}");
        refused.Refused(HttpStatusCode.Conflict, "region.in_use");
        Assert.Contains(" is named by 1 read cycle.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"/api/v1/regions/{cycled}")).Status);
    }

    /// <summary>Each link lists as many rows as the number says.</summary>
    private static async Task FollowAsync(ApiClient client, JsonNode stats)
    {
        var links = stats["links"]!.AsObject();
        Assert.All(new[] { "assignments.open", "assignments.completed", "readings.accepted", "readings.held", "readings.rejected" }, place => Assert.Contains(place, links));
        foreach (var (place, path) in links)
        {
            var number = place.StartsWith("skips_by_code.", StringComparison.Ordinal)
                ? stats["skips_by_code"]!.AsArray().Where(row => place == $"skips_by_code.{row!["code"]}").Sum(row => (int)row!["count"]!)
                : (int)place.Split('.').Aggregate(stats, (node, name) => node[name]!);
            var listed = await client.GetAsync((string)path!);
            Assert.True(listed.Status == HttpStatusCode.OK && number == (int)listed.Data["total"]!, $"{place}: {number}, {listed.Body.ToJsonString()}");
        }
    }

    private static async Task<string> RegionAsync(ApiClient client) => (string)(await client.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Stats region ") })).Data["id"]!;

    /// <summary>Five meters, one of them inactive: two read (one then held for a second value), one skipped, one still to do; and a neighbour region of which nothing counts.</summary>
    private async Task<(string Region, ApiClient Agent)> SceneAsync(ApiClient admin)
    {
        var (region, other) = (await RegionAsync(admin), await RegionAsync(admin));
        var (agent, id) = await server.MakeAgentAsync(admin, region: region);
        var meters = await admin.MakeMetersAsync(5, WorkCalls.NewName("stats"), region);
        await admin.PatchAsync($"/api/v1/meters/{meters[4]}", new { status = "inactive" });
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Take(3), agent_id = id })).Status);
        await ReadAsync(agent, meters[0], 100, "accepted");
        await ReadAsync(admin, meters[3], 100, "accepted");
        await ReadAsync(admin, meters[3], 50, "held");
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/skips", new { meter_id = meters[1], code = "dog" })).Status);

        var elsewhere = (await admin.MakeMetersAsync(1, WorkCalls.NewName("stats"), other))[0];
        await ReadAsync(admin, elsewhere, 7, "accepted");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/skips", new { meter_id = elsewhere, code = "dog" })).Status);
        return (region, agent);
    }

    private static async Task ReadAsync(ApiClient client, string meter, int value, string state)
    {
        var read = await client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = value });
        Assert.True((string?)read.Data["state"] == state, read.Body.ToJsonString());
    }
}

public sealed class GetRegionStatsOnSqliteTests(SqliteServer server) : GetRegionStatsTests(server), IClassFixture<SqliteServer>;

public sealed class GetRegionStatsOnPostgresTests(PostgresServer server) : GetRegionStatsTests(server), IClassFixture<PostgresServer>;
