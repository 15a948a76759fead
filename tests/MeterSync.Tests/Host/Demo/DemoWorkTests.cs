using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Demo;

/// <summary>The demo's work as a supervisor finds it.</summary>
public abstract class DemoWorkTests(ServerFixture server)
{
    [Fact]
    public async Task Has_a_cycle_of_all_active_meters_about_half_done_by_five_agents()
    {
        var office = await server.SignInAsync("manager");
        var cycle = Assert.Single((await office.GetAsync("/api/v1/read-cycles?status=open")).Items());
        var progress = (await office.GetAsync($"/api/v1/read-cycles/{cycle["id"]}/progress")).Data;

        var meters = progress["meters"]!;
        Assert.Equal(496, (int)meters["total"]!);
        Assert.InRange((int)meters["read"]! + (int)meters["held"]! + (int)meters["skipped"]!, 220, 270);
        Assert.Equal(0, (int)meters["unassigned"]!);
        Assert.True(progress["skips_by_code"]!.AsArray().Count >= 5);
        Assert.Equal(5, progress["agents"]!.AsArray().Count);
        Assert.All(progress["agents"]!.AsArray(), agent => Assert.Equal(3, (int)agent!["overdue"]!));
        Assert.Equal(5, (int)(await office.GetAsync($"/api/v1/assignments?cycle_id={cycle["id"]}&status=in_progress")).Data["total"]!);
    }

    [Fact]
    public async Task Has_decisions_and_second_readings_pending()
    {
        var office = await server.SignInAsync("manager");
        var pending = (await office.GetAsync("/api/v1/approvals/pending")).Items();
        Assert.Equal(["held_reading", "meter_change", "meter_change"], pending.Select(request => (string)request["kind"]!).Order(StringComparer.Ordinal));
        Assert.Contains(pending, request => (string?)request["serial_number"] == "WA-20292");

        var reReads = (await office.GetAsync("/api/v1/re-reads")).Items();
        Assert.Equal(2, reReads.Count);
        foreach (var reRead in reReads)
        {
            Assert.Contains((await office.GetAsync($"/api/v1/assignments?meter_id={reRead["meter_id"]}&limit=100")).Items(), work => (string?)work["status"] == "pending");
        }
    }

    [Fact]
    public async Task Has_regions_with_their_meters_routes_and_proofs_of_visit()
    {
        var office = await server.SignInAsync("manager");
        var regions = (await office.GetAsync("/api/v1/regions")).Items();
        Assert.Equal(["North", "Old town", "South"], regions.Select(region => (string)region["name"]!).Order(StringComparer.Ordinal));
        Assert.All(regions, region => Assert.True((int)region["meter_count"]! > 20 && (int)region["agent_count"]! > 0, region.ToJsonString()));
        Assert.Equal(5, (await office.GetAsync("/api/v1/routes")).Items().Count);
        var visits = await office.GetAsync("/api/v1/visits?limit=100");
        Assert.Equal(100, visits.Items().Count);
        Assert.Contains(visits.Items(), visit => (int)visit["score"]! < 100);
        Assert.Contains(visits.Items(), visit => (int)visit["score"]! == 100);
    }

    [Fact]
    public async Task Has_a_closed_cycle_with_a_few_estimates()
    {
        var office = await server.SignInAsync("manager");
        var closed = Assert.Single((await office.GetAsync("/api/v1/read-cycles?status=closed")).Items());
        Assert.InRange((int)closed["estimated_count"]!, 3, 15);
        Assert.Equal(0, (int)closed["missed_count"]!);
        var estimates = (await office.GetAsync($"/api/v1/readings?source=estimate&from={Escaped(closed["window_from"])}&to={Escaped(closed["window_to"])}&limit=100")).Items();
        Assert.Equal((int)closed["estimated_count"]!, estimates.Count);
    }

    [Fact]
    public async Task Shows_an_agent_the_own_walk_in_order()
    {
        var agent = await server.SignInAsync("agent3");
        var me = (string)(await agent.GetAsync("/api/v1/auth/me")).Data["id"]!;
        var work = (await agent.GetAsync($"/api/v1/assignments/agent/{me}?status=open&limit=100")).Items();
        Assert.All(work, one => Assert.Equal(me, (string?)one["agent_id"]));
        var places = work.Where(one => one["route_id"] is not null && one["position"] is not null).Select(one => (int)one["position"]!).ToList();
        Assert.True(places.Count > 30);
        Assert.Equal(places.Order(), places);
    }

    private static string Escaped(JsonNode? instant) => Uri.EscapeDataString((string)instant!);
}

public sealed class DemoWorkOnSqliteTests(DemoOnSqlite server) : DemoWorkTests(server), IClassFixture<DemoOnSqlite>;

public sealed class DemoWorkOnPostgresTests(DemoOnPostgres server) : DemoWorkTests(server), IClassFixture<DemoOnPostgres>;
