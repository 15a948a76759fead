using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class ApprovalSlicesTests(ServerFixture server)
{
    private async Task<(ApiClient Admin, ApiClient Agent, ApiClient Manager, string Meter)> SceneAsync()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("ask")))[0];
        await admin.GiveAsync(meter, id);
        return (admin, agent, await server.SignInAsync("manager"), meter);
    }

    private static async Task<string> ProposeAsync(ApiClient agent, string meter, object data)
    {
        var made = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = data, submission_notes = "Seen on the door" });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return $"/api/v1/approvals/{made.Data["id"]}";
    }

    [Fact]
    public async Task Approving_applies_the_change_once()
    {
        var (admin, agent, manager, meter) = await SceneAsync();
        var path = await ProposeAsync(agent, meter, new { address = "9a Mill Lane", location = new { lat = 51.6, lng = -0.2 }, access_notes = "Ring twice" });
        var shown = (await manager.GetAsync(path)).Data;
        Assert.Equal(("pending", "manager", "1 Mill Lane"), ((string?)shown["status"], (string?)shown["next_step"], (string?)shown["before"]!["address"]));
        Assert.Contains((await manager.GetAsync("/api/v1/approvals/pending?limit=100")).Items(), one => (string?)one["id"] == (string?)shown["id"]);
        Assert.Equal("under_review", (string?)(await manager.PutAsync(path + "/review", new { review_notes = "Asked the customer" })).Data["status"]);

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => manager.PutAsync(path + "/approve?review_notes=right")));
        Assert.Single(tries, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(tries.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Contains(answer.Code, new[] { "approval.already_decided", "resource.lost_update" }));
        var changed = (await admin.GetAsync($"/api/v1/meters/{meter}")).Data;
        Assert.Equal(("9a Mill Lane", 51.6, "Ring twice"), ((string?)changed["address"], (double)changed["coordinates"]!["latitude"]!, (string?)changed["access_notes"]));
        var decided = (await agent.GetAsync(path)).Data;
        Assert.Equal(("approved", "right", 2), ((string?)decided["status"], (string?)decided["review_notes"], decided["decisions"]!.AsArray().Count));
        (await manager.PutAsync(path + "/reject", new { review_notes = "late" })).Refused(HttpStatusCode.Conflict, "approval.already_decided");
    }

    [Fact]
    public async Task A_meter_that_changed_meanwhile_is_not_overwritten()
    {
        var (admin, agent, manager, meter) = await SceneAsync();
        var path = await ProposeAsync(agent, meter, new { address = "9a Mill Lane" });
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { owner = "Somebody else" });
        var other = await ProposeAsync(agent, meter, new { owner = "A third" });
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { address = "11 Mill Lane" });
        (await manager.PutAsync(path + "/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_changed");
        Assert.Equal("11 Mill Lane", (string?)(await admin.GetAsync($"/api/v1/meters/{meter}")).Data["address"]);
        // What changed elsewhere on the meter does not matter.
        Assert.Equal(HttpStatusCode.OK, (await manager.PutAsync(other + "/approve")).Status);
        (await manager.PutAsync(path + "/reject")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal("rejected", (string?)(await manager.PutAsync(path + "/reject", new { review_notes = "It moved on" })).Data["status"]);
    }

    [Fact]
    public async Task Nobody_decides_about_own_work_and_agents_decide_nothing()
    {
        var (_, agent, manager, meter) = await SceneAsync();
        var own = await ProposeAsync(manager, meter, new { address = "Mine" });
        (await manager.PutAsync(own + "/approve")).Refused(HttpStatusCode.Forbidden, "approval.own_work");
        var path = await ProposeAsync(agent, meter, new { address = "9a Mill Lane" });
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PutAsync(path + "/approve")).Status);
        var admin = await server.SignInAsync("admin");
        var (stranger, _) = await server.MakeAgentAsync(admin);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path)).Status);
        (await stranger.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "x" } })).Refused(HttpStatusCode.NotFound, "meter.not_found");
    }

    [Fact]
    public async Task Refuses_proposals_that_say_nothing_or_too_much()
    {
        var (_, agent, _, meter) = await SceneAsync();
        async Task RefusedAsync(object data) => (await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = data })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await RefusedAsync(new { });
        await RefusedAsync(new { address = "1 Mill Lane" });
        await RefusedAsync(new { registers = Array.Empty<object>() });
        await RefusedAsync(new { latitude = 91, longitude = 0 });
        await RefusedAsync(new { status = "broken" });
        await RefusedAsync(new { address = 5 });
        await RefusedAsync("text");
        (await agent.PostAsync("/api/v1/approvals", new { meter_id = meter })).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task A_held_reading_that_was_put_forward_is_accepted_or_rejected_with_it()
    {
        var (admin, agent, manager, meter) = await SceneAsync();
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(-30) })).Status);
        var held = (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 50 })).Data;
        Assert.Equal("held", (string?)held["state"]);
        var made = await agent.PostAsync("/api/v1/approvals", new { reading_id = held["id"] });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        (await agent.PostAsync("/api/v1/approvals", new { reading_id = held["id"] })).Refused(HttpStatusCode.Conflict, "approval.reading_waits");
        Assert.Equal("approved", (string?)(await manager.PutAsync($"/api/v1/approvals/{made.Data["id"]}/approve")).Data["status"]);
        Assert.Equal("accepted", (string?)(await manager.GetAsync($"/api/v1/readings/{held["id"]}")).Data["state"]);
        (await agent.PostAsync("/api/v1/approvals", new { reading_id = held["id"] })).Refused(HttpStatusCode.Conflict, "approval.reading_not_held");
    }

    [Fact]
    public async Task A_held_reading_decided_elsewhere_is_left_as_it_is()
    {
        var (admin, agent, manager, meter) = await SceneAsync();
        await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(-30) });
        var held = (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 50 })).Data;
        var path = $"/api/v1/approvals/{(await agent.PostAsync("/api/v1/approvals", new { reading_id = held["id"] })).Data["id"]}";
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/readings/{held["id"]}/verify", new { note = "Seen" })).Status);
        (await manager.PutAsync(path + "/approve")).Refused(HttpStatusCode.Conflict, "approval.overtaken");
        Assert.Equal("rejected", (string?)(await manager.PutAsync(path + "/reject", new { review_notes = "Decided already" })).Data["status"]);
        Assert.Equal("accepted", (string?)(await admin.GetAsync($"/api/v1/readings/{held["id"]}")).Data["state"]);
    }

    [Fact]
    public async Task A_request_sent_twice_is_one_and_with_other_content_a_conflict()
    {
        var (admin, agent, _, meter) = await SceneAsync();
        var client = Guid.CreateVersion7();
        var first = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" }, client_id = client });
        var again = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" }, client_id = client });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, (string?)first.Data["id"]), (first.Status, again.Status, (string?)again.Data["id"]));
        (await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9b Mill Lane" }, client_id = client })).Refused(HttpStatusCode.Conflict, "approval.client_id_conflict");
        (await admin.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { address = "9a Mill Lane" }, client_id = client })).Refused(HttpStatusCode.Conflict, "approval.client_id_conflict");
    }

    [Fact]
    public async Task A_late_proposal_is_taken_but_does_not_show_what_stands_there_now()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("late")))[0];
        var work = await admin.GiveAsync(meter, id);
        await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { status = "cancelled" });
        await admin.PatchAsync($"/api/v1/meters/{meter}", new { access_notes = "The key is under the stone" });
        var made = await agent.PostAsync("/api/v1/approvals", new { meter_id = meter, meter_data = new { access_notes = "Ring" } });
        Assert.Equal((HttpStatusCode.Created, null), (made.Status, made.Data["before"]));
        Assert.All((await agent.GetAsync("/api/v1/approvals?limit=100")).Items(), one => Assert.Null(one["before"]));
        Assert.Equal("The key is under the stone", (string?)(await admin.GetAsync($"/api/v1/approvals/{made.Data["id"]}")).Data["before"]!["access_notes"]);
    }

    [Fact]
    public async Task A_request_whose_meter_was_deleted_can_only_be_rejected()
    {
        var admin = await server.SignInAsync("admin");
        var manager = await server.SignInAsync("manager");
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("gone")))[0];
        var path = await ProposeAsync(manager, meter, new { address = "9a Mill Lane" });
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync($"/api/v1/meters/{meter}")).Status);
        (await admin.PutAsync(path + "/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_gone");
        Assert.Equal("rejected", (string?)(await admin.PutAsync(path + "/reject", new { review_notes = "Gone" })).Data["status"]);
    }
}

public sealed class ApprovalSlicesOnSqliteTests(SqliteServer server) : ApprovalSlicesTests(server), IClassFixture<SqliteServer>;

public sealed class ApprovalSlicesOnPostgresTests(PostgresServer server) : ApprovalSlicesTests(server), IClassFixture<PostgresServer>;
