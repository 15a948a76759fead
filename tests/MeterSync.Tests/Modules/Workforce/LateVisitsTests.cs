using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>Phones come back late: what they bring ends the work it belongs to, and no other.</summary>
public abstract class LateVisitsTests(ServerFixture server)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_reading_of_last_month_does_not_end_the_work_of_this_one()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("late");
        var meters = await admin.MakeMetersAsync(2, place);
        var cycle = await admin.OpenCycleAsync(place, -10, 10);
        await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id });
        var late = await agent.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 100, reading_timestamp = Now.AddDays(-20) });
        Assert.Equal(HttpStatusCode.Created, late.Status);
        var skip = await agent.PostAsync("/api/v1/skips", new { meter_id = meters[1], code = "dog", skipped_at = Now.AddDays(-20) });
        Assert.Equal((HttpStatusCode.Created, null, null), (skip.Status, (string?)skip.Data["assignment_id"], (string?)skip.Data["cycle_id"]));
        Assert.Equal((2, 2, 0), (await admin.LoadOfAsync(id), await AssignedAsync(admin, cycle), await SkippedAsync(admin, cycle)));

        // In the window, but before the work was given: it is what was wanted.
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 110, reading_timestamp = Now.AddDays(-5) })).Status);
        Assert.Equal(1, await admin.LoadOfAsync(id));
    }

    [Fact]
    public async Task The_doubted_value_itself_does_not_answer_the_request_to_read_again()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("again")))[0];
        await admin.GiveAsync(meter, id);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100 })).Status);
        var asked = await admin.PostAsync("/api/v1/re-reads", new { meter_id = meter, reason = "Twice the use", agent_id = id });
        Assert.True(asked.Status == HttpStatusCode.Created, asked.Body.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, reading_timestamp = Now.AddMinutes(-2) })).Status);
        Assert.Equal(1, await admin.LoadOfAsync(id));
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, reading_timestamp = Now.AddSeconds(1) })).Status);
        Assert.Equal(0, await admin.LoadOfAsync(id));
    }

    [Fact]
    public async Task The_closed_door_of_a_former_agent_does_not_end_the_work_of_the_next()
    {
        var admin = await server.SignInAsync("admin");
        var (first, one) = await server.MakeAgentAsync(admin);
        var (second, two) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("door")))[0];
        var work = await admin.GiveAsync(meter, one);
        await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { agent_id = two });
        var skip = await first.PostAsync("/api/v1/skips", new { meter_id = meter, code = "no_access" });
        Assert.Equal((HttpStatusCode.Created, null), (skip.Status, (string?)skip.Data["assignment_id"]));
        Assert.Equal(1, await admin.LoadOfAsync(two));
        var own = await second.PostAsync("/api/v1/skips", new { meter_id = meter, code = "no_access" });
        Assert.NotNull((string?)own.Data["assignment_id"]);
        Assert.Equal(0, await admin.LoadOfAsync(two));
    }

    [Fact]
    public async Task What_is_done_or_cancelled_cannot_be_moved()
    {
        var admin = await server.SignInAsync("admin");
        var (second, two) = await server.MakeAgentAsync(admin);
        var (_, one) = await server.MakeAgentAsync(admin);
        var (_, three) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("moved")))[0];
        var path = $"/api/v1/assignments/{(await admin.GiveAsync(meter, one))["id"]}";
        var moved = (await admin.PutAsync(path, new { agent_id = two })).Data;
        Assert.Equal(HttpStatusCode.Created, (await second.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5 })).Status);
        (await admin.PutAsync(path, new { agent_id = three })).Refused(HttpStatusCode.Conflict, "assignment.transition_refused");
        (await admin.PutAsync($"/api/v1/assignments/{moved["id"]}", new { agent_id = three })).Refused(HttpStatusCode.Conflict, "assignment.transition_refused");
        Assert.Equal(0, await admin.LoadOfAsync(three));
    }

    [Fact]
    public async Task Work_given_anew_is_not_ended_by_what_came_before_it_was_given()
    {
        var admin = await server.SignInAsync("admin");
        var (_, one) = await server.MakeAgentAsync(admin);
        var (_, two) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("anew");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        await admin.OpenCycleAsync(place, -10, 10);
        await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 100, source = "telemetry" });
        var work = await admin.GiveAsync(meter, one);
        await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { agent_id = two });
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        Assert.Equal(1, await admin.LoadOfAsync(two));
        await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 101, source = "telemetry", reading_timestamp = Now.AddSeconds(5) });
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        Assert.Equal(0, await admin.LoadOfAsync(two));
    }

    [Fact]
    public async Task A_closed_door_of_a_closed_cycle_belongs_to_it()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("shut");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        var cycle = await admin.OpenCycleAsync(place, -30, -5);
        await admin.GiveAsync(meter, id);
        await admin.CloseCycleAsync(cycle);
        var skip = await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "vacant", skipped_at = Now.AddDays(-8) });
        Assert.Equal(HttpStatusCode.Created, skip.Status);
        Assert.EndsWith((string)skip.Data["cycle_id"]!, cycle);
        Assert.Equal(1, await SkippedAsync(admin, cycle));
    }

    private static async Task<int> AssignedAsync(ApiClient admin, string cycle) => (int)(await admin.GetAsync(cycle + "/progress")).Data["meters"]!["assigned"]!;

    private static async Task<int> SkippedAsync(ApiClient admin, string cycle) => (int)(await admin.GetAsync(cycle + "/progress")).Data["meters"]!["skipped"]!;
}

public sealed class LateVisitsOnSqliteTests(SqliteServer server) : LateVisitsTests(server), IClassFixture<SqliteServer>;

public sealed class LateVisitsOnPostgresTests(PostgresServer server) : LateVisitsTests(server), IClassFixture<PostgresServer>;
