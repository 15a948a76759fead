using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class CycleMonthTests(ServerFixture server)
{
    private static async Task<JsonNode> CycleAsync(ApiClient client, string place, string from, string to, string repeats = "never")
    {
        var made = await client.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Round "), window_from = from, window_to = to, location_id = place, repeats });
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return made.Data;
    }

    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_month_from_opening_to_closing()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("month");
        var meters = await admin.MakeMetersAsync(5, place);
        var cycle = await CycleAsync(admin, place, Day(-10), Day(10), "monthly");
        var path = $"/api/v1/read-cycles/{cycle["id"]}";
        Assert.Equal("planned", (string?)cycle["status"]);
        Assert.Equal(0, (int)(await admin.GetAsync(path + "/progress")).Data["meters"]!["total"]!);
        var opened = await admin.PostAsync(path + "/open");
        Assert.Equal(("open", 5), ((string?)opened.Data["status"], (int)opened.Data["meter_count"]!));
        (await admin.PostAsync(path + "/open")).Refused(HttpStatusCode.Conflict, "cycle.not_planned");

        // The same meters cannot stand in two cycles of one time.
        var twice = await CycleAsync(admin, place, Day(-5), Day(5));
        (await admin.PostAsync($"/api/v1/read-cycles/{twice["id"]}/open")).Refused(HttpStatusCode.Conflict, "cycle.overlaps");

        var given = await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Take(4), agent_id = id });
        Assert.Equal(4, (int)given.Data["assigned"]!);
        var work = (await agent.GetAsync($"/api/v1/assignments/agent/{id}")).Items();
        Assert.Equal(["1 Mill Lane", "2 Mill Lane", "3 Mill Lane", "4 Mill Lane"], work.Select(one => (string?)one["address"]));
        Assert.All(work, one => Assert.Equal((string?)cycle["id"], (string?)one["cycle_id"]));

        await agent.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 100 });
        var skipped = await agent.PostAsync("/api/v1/skips", new { meter_id = meters[1], code = "no_access", note = "Nobody home" });
        Assert.Equal((HttpStatusCode.Created, (string?)cycle["id"]), (skipped.Status, (string?)skipped.Data["cycle_id"]));
        var progress = (await admin.GetAsync(path + "/progress")).Data;
        Assert.Equal((5, 1, 1, 2, 1, 20.0), Counts(progress));
        Assert.Equal(("no_access", 1), ((string?)progress["skips_by_code"]![0]!["code"], (int)progress["skips_by_code"]![0]!["count"]!));
        Assert.Equal((id, 2, 2), ((string?)progress["agents"]![0]!["agent_id"], (int)progress["agents"]![0]!["done"]!, (int)progress["agents"]![0]!["open"]!));
        foreach (var link in progress["links"]!.AsObject())
        {
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync((string)link.Value!)).Status);
        }

        (await admin.PostAsync(path + "/close")).Refused(HttpStatusCode.Conflict, "cycle.has_open_work");
        var closing = await admin.PostAsync(path + "/close", new { missed = "leave" });
        Assert.Equal(HttpStatusCode.Accepted, closing.Status);
        var job = await admin.WaitForJobAsync($"{path}/close/{closing.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        var closed = (await admin.GetAsync(path)).Data;
        Assert.Equal(("closed", 4), ((string?)closed["status"], (int)closed["missed_count"]!));
        Assert.Equal(0, await admin.LoadOfAsync(id));
        Assert.Empty((await agent.GetAsync("/api/v1/meters")).Items());
        (await admin.PostAsync(path + "/close", new { missed = "leave" })).Refused(HttpStatusCode.Conflict, "cycle.not_open");
        var next = Assert.Single((await admin.GetAsync("/api/v1/read-cycles?status=planned&limit=100")).Items(), other => (string?)other["previous_id"] == (string?)cycle["id"]);
        Assert.Equal((string?)job["result"]!["next_id"], (string?)next["id"]);
    }

    [Fact]
    public async Task Two_skipped_cycles_ask_for_a_follow_up_and_a_reading_closes_it()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("twice");
        var meter = (await admin.MakeMetersAsync(1, place))[0];
        foreach (var (from, to, at) in new[] { (-60, -30, -40), (-20, 10, -1) })
        {
            var cycle = await CycleAsync(admin, place, Day(from), Day(to));
            Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/read-cycles/{cycle["id"]}/open", new { assign = "spread" })).Status);
            var skip = await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "dog", skipped_at = TimeProvider.System.GetUtcNow().AddDays(at) });
            Assert.True(skip.Status == HttpStatusCode.Created, skip.Body.ToJsonString());
        }

        var followUp = Assert.Single((await admin.GetAsync("/api/v1/follow-ups?limit=100")).Items(), one => (string?)one["meter_id"] == meter);
        Assert.Equal("skipped_twice", (string?)followUp["reason"]);
        await admin.GiveAsync(meter, id);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5 })).Status);
        Assert.DoesNotContain((await admin.GetAsync("/api/v1/follow-ups?limit=100")).Items(), one => (string?)one["meter_id"] == meter);
        Assert.Contains((await admin.GetAsync("/api/v1/follow-ups?open=false&limit=100")).Items(), one => (string?)one["meter_id"] == meter);
    }

    [Fact]
    public async Task The_clock_makes_work_overdue_and_a_file_completes_it()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("late"));
        var late = (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = id, due_at = TimeProvider.System.GetUtcNow().AddMinutes(-1) })).Data;
        var sent = await admin.GiveAsync(meters[1], id);
        var reading = await admin.PostAsync("/api/v1/readings", new { meter_id = meters[1], reading_value = 7, source = "telemetry" });
        Assert.Equal(HttpStatusCode.Created, reading.Status);
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        Assert.Equal("overdue", (string?)(await admin.GetAsync($"/api/v1/assignments/{late["id"]}")).Data["status"]);
        Assert.Equal("completed", (string?)(await admin.GetAsync($"/api/v1/assignments/{sent["id"]}")).Data["status"]);
        Assert.Equal(1, await admin.LoadOfAsync(id));

        // More time makes it open again; a device answers a request to read again as well as a person.
        var longer = (await admin.PutAsync($"/api/v1/assignments/{late["id"]}", new { due_at = TimeProvider.System.GetUtcNow().AddDays(1) })).Data;
        Assert.Equal("pending", (string?)longer["status"]);
        await admin.PostAsync("/api/v1/re-reads", new { meter_id = meters[1], reason = "Too low", agent_id = id });
        Assert.Equal(2, await admin.LoadOfAsync(id));
        await admin.PostAsync("/api/v1/readings", new { meter_id = meters[1], reading_value = 7, source = "telemetry", reading_timestamp = TimeProvider.System.GetUtcNow().AddSeconds(2) });
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        Assert.Equal(1, await admin.LoadOfAsync(id));
    }

    private static (int Total, int Read, int Skipped, int Assigned, int Unassigned, double Percent) Counts(JsonNode progress)
    {
        var meters = progress["meters"]!;
        return ((int)meters["total"]!, (int)meters["read"]!, (int)meters["skipped"]!, (int)meters["assigned"]!, (int)meters["unassigned"]!, (double)meters["percent"]!);
    }
}

public sealed class CycleMonthOnSqliteTests(SqliteServer server) : CycleMonthTests(server), IClassFixture<SqliteServer>;

public sealed class CycleMonthOnPostgresTests(PostgresServer server) : CycleMonthTests(server), IClassFixture<PostgresServer>;
