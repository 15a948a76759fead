using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class AssignmentSlicesTests(ServerFixture server)
{
    [Fact]
    public async Task An_agent_sees_a_meter_once_it_is_given_and_reading_it_ends_the_work()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (other, _) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("place")))[0];
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"/api/v1/meters/{meter}")).Status);
        Assert.Equal("reading.meter_not_found", (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10 })).Code);

        var work = await admin.GiveAsync(meter, id);
        Assert.Equal((1, "pending"), (await admin.LoadOfAsync(id), (string?)work["status"]));
        Assert.Equal(meter, (string?)Assert.Single((await agent.GetAsync("/api/v1/meters")).Items())["id"]);
        Assert.Equal(meter, (string?)Assert.Single((await agent.GetAsync($"/api/v1/assignments/agent/{id}?status=open")).Items())["meter_id"]);
        Assert.Empty((await other.GetAsync("/api/v1/assignments")).Items());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/assignments/{work["id"]}")).Status);
        Assert.Equal("reading.meter_not_found", (await other.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10 })).Code);

        var reading = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, latitude = 51.5, longitude = -0.12, accuracy_m = 8, dwell_seconds = 40 });
        Assert.True(reading.Status == HttpStatusCode.Created, reading.Body.ToJsonString());
        var done = (await agent.GetAsync($"/api/v1/assignments/{work["id"]}")).Data;
        Assert.Equal(("completed", (string?)reading.Data["id"], 0), ((string?)done["status"], (string?)done["reading_id"], await admin.LoadOfAsync(id)));
        Assert.NotNull(done["completed_at"]);
        var visit = Assert.Single((await admin.GetAsync($"/api/v1/visits?reading_id={reading.Data["id"]}")).Items());
        Assert.Equal((100, 0), ((int)visit["score"]!, visit["reasons"]!.AsArray().Count));
    }

    [Fact]
    public async Task One_meter_has_one_open_assignment_whoever_asks()
    {
        var admin = await server.SignInAsync("admin");
        var (_, one) = await server.MakeAgentAsync(admin);
        var (_, two) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(3, WorkCalls.NewName("place"));
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = index % 2 == 0 ? one : two })));
        Assert.Single(tries, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(tries.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.Refused(HttpStatusCode.Conflict, "assignment.meter_taken"));
        Assert.Equal(1, await admin.LoadOfAsync(one) + await admin.LoadOfAsync(two));

        // All of a bulk or nothing.
        (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = one })).Refused(HttpStatusCode.Conflict, "assignment.meter_taken");
        Assert.Equal(1, await admin.LoadOfAsync(one) + await admin.LoadOfAsync(two));
        (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = new[] { meters[1], meters[1] }, agent_id = one })).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Refuses_what_cannot_be_given()
    {
        var admin = await server.SignInAsync("admin");
        var (_, small) = await server.MakeAgentAsync(admin, maxLoad: 1);
        var meters = await admin.MakeMetersAsync(3, WorkCalls.NewName("place"));
        await admin.PatchAsync($"/api/v1/meters/{meters[0]}", new { status = "inactive" });
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = small })).Refused(HttpStatusCode.Conflict, "assignment.meter_not_active");
        (await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters[1..], agent_id = small })).Refused(HttpStatusCode.Conflict, "agent.over_load");
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = Guid.CreateVersion7(), agent_id = small })).Refused(HttpStatusCode.NotFound, "assignment.meter_not_found");
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[1], agent_id = Guid.CreateVersion7() })).Refused(HttpStatusCode.NotFound, "agent.not_found");
        await admin.GiveAsync(meters[1], small);
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[2], agent_id = small })).Refused(HttpStatusCode.Conflict, "agent.over_load");
        (await admin.PutAsync($"/api/v1/agents/{small}", new { retired = true })).Refused(HttpStatusCode.Conflict, "agent.has_work");
        (await admin.DeleteAsync($"/api/v1/meters/{meters[1]}")).Refused(HttpStatusCode.Conflict, "meter.assigned");
    }

    [Fact]
    public async Task A_late_cancel_does_not_undo_completed_work()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("place")))[0];
        var path = $"/api/v1/assignments/{(await admin.GiveAsync(meter, id))["id"]}";
        var mine = path.Replace("assignments/", "assignments/me/", StringComparison.Ordinal) + "/status";
        Assert.Equal("in_progress", (string?)(await agent.PutAsync(mine + "?status=in_progress")).Data["status"]);
        var done = await agent.PutAsync(mine, new { status = "completed", completion_notes = "Read by phone" });
        Assert.Equal(("completed", "Read by phone"), ((string?)done.Data["status"], (string?)done.Data["completion_notes"]));
        (await admin.PutAsync(path, new { status = "cancelled" })).Refused(HttpStatusCode.Conflict, "assignment.transition_refused");
        (await agent.PutAsync(mine, new { status = "cancelled" })).Refused(HttpStatusCode.Conflict, "assignment.transition_refused");
        (await agent.PutAsync(mine, new { status = "overdue" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(HttpStatusCode.OK, (await agent.PutAsync(mine, new { status = "completed" })).Status);
    }

    [Fact]
    public async Task What_the_first_agent_reads_after_work_was_moved_still_counts()
    {
        var admin = await server.SignInAsync("admin");
        var (first, one) = await server.MakeAgentAsync(admin);
        var (second, two) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("place")))[0];
        var work = await admin.GiveAsync(meter, one);
        var moved = await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { agent_id = two });
        Assert.Equal((HttpStatusCode.OK, two, (string?)work["id"]), (moved.Status, (string?)moved.Data["agent_id"], (string?)moved.Data["moved_from_id"]));
        Assert.Equal((0, 1), (await admin.LoadOfAsync(one), await admin.LoadOfAsync(two)));
        Assert.Empty((await first.GetAsync("/api/v1/meters")).Items());

        // The first phone comes back from a cellar with a reading taken before it heard of the move.
        var early = await first.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, reading_timestamp = TimeProvider.System.GetUtcNow().AddMinutes(-30) });
        Assert.Equal((HttpStatusCode.Created, "accepted"), (early.Status, (string?)early.Data["state"]));
        var late = await second.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100 });
        Assert.Equal(HttpStatusCode.Created, late.Status);
        Assert.Contains("VEE-111", late.Data.ToJsonString());
        Assert.Equal((0, 0), (await admin.LoadOfAsync(one), await admin.LoadOfAsync(two)));
    }

    [Fact]
    public async Task Spreads_work_evenly_and_region_first()
    {
        var admin = await server.SignInAsync("admin");
        async Task<string> RegionAsync() => (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Quarter ") })).Data["id"]!;
        var (north, south) = (await RegionAsync(), await RegionAsync());
        var place = WorkCalls.NewName("place");
        var meters = (await admin.MakeMetersAsync(12, place, north)).Concat(await admin.MakeMetersAsync(6, place, south)).ToList();
        var (_, one) = await server.MakeAgentAsync(admin, 50, north);
        var (_, two) = await server.MakeAgentAsync(admin, 50, north);
        var (_, three) = await server.MakeAgentAsync(admin, 50, south);
        var spread = await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters });
        Assert.True(spread.Status == HttpStatusCode.Created, spread.Body.ToJsonString());
        Assert.Equal((18, 6, 6, 6), ((int)spread.Data["assigned"]!, await admin.LoadOfAsync(one), await admin.LoadOfAsync(two), await admin.LoadOfAsync(three)));
        Assert.Empty((await admin.GetAsync($"/api/v1/meters?location_id={place}&assigned=false")).Items());
        Assert.Equal(18, (await admin.GetAsync($"/api/v1/meters?location_id={place}&assigned=true")).Items().Count);
    }
}

public sealed class AssignmentSlicesOnSqliteTests(SqliteServer server) : AssignmentSlicesTests(server), IClassFixture<SqliteServer>;

public sealed class AssignmentSlicesOnPostgresTests(PostgresServer server) : AssignmentSlicesTests(server), IClassFixture<PostgresServer>;
