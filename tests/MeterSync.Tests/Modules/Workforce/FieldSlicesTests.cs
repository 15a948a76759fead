using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Workforce.Positions;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class FieldSlicesTests(ServerFixture server)
{
    [Fact]
    public async Task Keeps_positions_thinned_and_refuses_impossible_ones()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var start = TimeProvider.System.GetUtcNow().AddMinutes(-30);
        for (var step = 0; step < 20; step++)
        {
            var sent = await agent.PutAsync("/api/v1/agents/me/location", new { latitude = 51.5 + (step * 0.00003), longitude = -0.1, accuracy_m = 5, timestamp = start.AddSeconds(step * 10) });
            Assert.True((bool?)sent.Data["stored"], sent.Body.ToJsonString());
        }

        async Task RefusedAsync(object body, string code) => (await agent.PutAsync("/api/v1/agents/me/location", body)).Refused(HttpStatusCode.BadRequest, code);
        await RefusedAsync(new { latitude = 51.5, longitude = -0.1, timestamp = TimeProvider.System.GetUtcNow().AddMinutes(5) }, "agent.position_in_future");
        await RefusedAsync(new { latitude = 52.5, longitude = -0.1, timestamp = start.AddSeconds(600) }, "agent.position_too_fast");
        await RefusedAsync(new { latitude = 51.5 }, "request.invalid");
        await RefusedAsync(new { latitude = 91, longitude = 0 }, "request.invalid");
        Assert.False((bool?)(await agent.PutAsync("/api/v1/agents/me/location", new { lat = 51.5, lng = -0.1, timestamp = start })).Data["stored"]);

        // Where a second one agrees, the first was right: the device had been wrong before.
        Assert.Equal(HttpStatusCode.OK, (await agent.PutAsync("/api/v1/agents/me/location", new { latitude = 52.5001, longitude = -0.1, timestamp = start.AddSeconds(620) })).Status);
        await server.Services.GetRequiredService<PositionBuffer>().WriteAsync(CancellationToken.None);
        var shown = (await admin.GetAsync($"/api/v1/agents/{id}")).Data;
        Assert.Equal(52.5001, (double)shown["location"]!["latitude"]!);
        var track = (await agent.GetAsync($"/api/v1/agents/{id}/track?date={start.UtcDateTime:yyyy-MM-dd}")).Data["points"]!.AsArray();
        Assert.InRange(track.Count, 4, 8);
        var (stranger, _) = await server.MakeAgentAsync(admin);
        (await stranger.GetAsync($"/api/v1/agents/{id}/track")).Refused(HttpStatusCode.NotFound, "agent.not_found");
        (await (await server.SignInAsync("agent5")).PutAsync("/api/v1/agents/me/location", new { latitude = 1, longitude = 1 })).Refused(HttpStatusCode.NotFound, "agent.not_an_agent");
    }

    [Fact]
    public async Task Sets_the_own_status_from_body_or_query()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        Assert.Contains((await admin.GetAsync("/api/v1/agents/available?limit=100")).Items(), one => (string?)one["id"] == id);
        Assert.Equal("on_break", (string?)(await agent.PutAsync("/api/v1/agents/me/status", new { status = "on_break" })).Data["status"]);
        Assert.DoesNotContain((await admin.GetAsync("/api/v1/agents/available?limit=100")).Items(), one => (string?)one["id"] == id);
        Assert.Equal("busy", (string?)(await agent.PutAsync("/api/v1/agents/me/status?status=busy")).Data["status"]);
        (await agent.PutAsync("/api/v1/agents/me/status")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await agent.PutAsync("/api/v1/agents/me/status", new { status = "asleep" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task A_skip_sent_twice_is_one_and_with_other_content_a_conflict()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("skip")))[0];
        await admin.GiveAsync(meter, id);
        var client = Guid.CreateVersion7();
        var first = await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "vacant", client_id = client });
        var again = await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "vacant", client_id = client });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, (string?)first.Data["id"]), (first.Status, again.Status, (string?)again.Data["id"]));
        (await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "dog", client_id = client })).Refused(HttpStatusCode.Conflict, "skip.client_id_conflict");
        (await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "other" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "asleep" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "dog", skipped_at = TimeProvider.System.GetUtcNow().AddHours(1) })).Refused(HttpStatusCode.BadRequest, "skip.in_future");
        (await agent.PostAsync("/api/v1/skips", new { meter_id = Guid.CreateVersion7(), code = "dog" })).Refused(HttpStatusCode.NotFound, "skip.meter_not_found");
        Assert.Single((await admin.GetAsync($"/api/v1/skips?meter_id={meter}")).Items());
        Assert.Equal(0, await admin.LoadOfAsync(id));
        Assert.Equal(9, (await agent.GetAsync("/api/v1/skip-codes")).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_visit_from_a_chair_says_why_it_is_doubted()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(12, WorkCalls.NewName("chair"));
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id })).Status);
        // Of the day the work was given: what was read before ends nothing.
        var now = TimeProvider.System.GetUtcNow();
        var at = now.AddSeconds(-Math.Min(600, now.TimeOfDay.TotalSeconds));
        await agent.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 1, reading_timestamp = at, latitude = 51.5, longitude = -0.12, accuracy_m = 5 });
        var far = await agent.PostAsync("/api/v1/readings", new { meter_id = meters[11], reading_value = 1, reading_timestamp = at.AddSeconds(20), latitude = 51.5, longitude = -0.12, accuracy_m = 5, mock_location = true, dwell_seconds = 1 });
        Assert.Equal(HttpStatusCode.Created, far.Status);
        var visit = Assert.Single((await admin.GetAsync($"/api/v1/visits?agent_id={id}&max_score=50")).Items());
        Assert.Equal(["mock_location", "far_from_meter", "too_fast", "too_short"], visit["reasons"]!.AsArray().Select(reason => (string?)reason!["code"]));
        Assert.Equal((string?)far.Data["id"], (string?)visit["reading_id"]);
        var stats = (await admin.GetAsync($"/api/v1/agents/{id}/stats")).Data;
        Assert.Equal((12, 2, 10, 2), ((int)stats["assigned"]!, (int)stats["completed"]!, (int)stats["current_load"]!, (int)stats["readings"]!));
    }

    [Fact]
    public async Task Puts_the_stops_of_a_route_into_walking_order()
    {
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("walk");
        var meters = await admin.MakeMetersAsync(11, place);
        var name = WorkCalls.NewName("Route ");
        var made = await admin.PostAsync("/api/v1/routes", new { name, location_id = place });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        Assert.Equal(Enumerable.Range(1, 11).Select(number => $"{number} Mill Lane"), made.Data["stops"]!.AsArray().Select(stop => (string)stop!["address"]!));
        (await admin.PostAsync("/api/v1/routes", new { name = name.ToUpperInvariant(), location_id = place })).Refused(HttpStatusCode.Conflict, "route.name_taken");
        (await admin.PostAsync("/api/v1/routes", new { name = name + "x", stops = new[] { Guid.CreateVersion7() } })).Refused(HttpStatusCode.BadRequest, "route.bad_stop");

        // From the far end the shortest walk goes the other way.
        var path = $"/api/v1/routes/{made.Data["id"]}";
        var turned = await admin.PutAsync(path, new { name, order_by = "shortest", start = new { latitude = 51.51, longitude = -0.12 }, stops = meters });
        Assert.Equal(Enumerable.Range(1, 11).Reverse().Select(number => $"{number} Mill Lane"), turned.Data["stops"]!.AsArray().Select(stop => (string)stop!["address"]!));
        Assert.InRange((double)turned.Data["length_m"]!, 550, 562);
        var (_, id) = await server.MakeAgentAsync(admin);
        var given = await admin.PostAsync("/api/v1/assignments/bulk", new { route_id = turned.Data["id"], agent_id = id });
        Assert.Equal(11, (int)given.Data["assigned"]!);
        (await admin.PostAsync("/api/v1/assignments/bulk", new { route_id = turned.Data["id"], agent_id = id })).Refused(HttpStatusCode.Conflict, "route.empty");
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync(path)).Status);
        (await admin.GetAsync(path)).Refused(HttpStatusCode.NotFound, "route.not_found");
        Assert.Equal(11, await admin.LoadOfAsync(id));
    }

    [Fact]
    public async Task A_re_read_goes_to_an_agent_and_the_next_reading_answers_it()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("again")))[0];
        (await admin.PostAsync("/api/v1/re-reads", new { meter_id = meter, reason = "Never seen" })).Refused(HttpStatusCode.Conflict, "re_read.never_read");
        await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 3, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(-1) });
        var asked = await admin.PostAsync("/api/v1/re-reads", new { meter_id = meter, reason = "Too little", agent_id = id });
        Assert.True(asked.Status == HttpStatusCode.Created, asked.Body.ToJsonString());
        Assert.Equal((string?)asked.Data["id"], (string?)asked.Data["assignment"]!["re_read_id"]);
        (await admin.PostAsync("/api/v1/re-reads", new { meter_id = meter, reason = "Too little" })).Refused(HttpStatusCode.Conflict, "reading.re_read_open");
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 4, reading_timestamp = TimeProvider.System.GetUtcNow().AddSeconds(2) })).Status);
        Assert.Equal("done", (string?)Assert.Single((await admin.GetAsync($"/api/v1/re-reads?meter_id={meter}")).Items())["status"]);
        Assert.Equal(0, await admin.LoadOfAsync(id));
    }
}

public sealed class FieldSqliteServer : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Workforce:WorkStart"] = "00:00", ["Workforce:WorkEnd"] = "00:00" };
}

public sealed class FieldPostgresServer : PostgresServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Workforce:WorkStart"] = "00:00", ["Workforce:WorkEnd"] = "00:00" };
}

public sealed class FieldSlicesOnSqliteTests(FieldSqliteServer server) : FieldSlicesTests(server), IClassFixture<FieldSqliteServer>;

public sealed class FieldSlicesOnPostgresTests(FieldPostgresServer server) : FieldSlicesTests(server), IClassFixture<FieldPostgresServer>;
