using System.Net;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce.Field;

/// <summary>Skips and statuses of work that phones bring.</summary>
public abstract class FieldWorkTests(ServerFixture server)
{
    private const int Many = 1_000;
    private const int MostQuestions = 150;

    [Fact]
    public async Task A_skip_stands_at_the_repaired_time_and_refuses_none_of_its_neighbours()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(3, WorkCalls.NewName("fs"));
        var work = await admin.GiveAsync(meters[0], id);
        await admin.GiveAsync(meters[1], id);
        var error = TimeSpan.FromDays(3652);
        var at = TimeProvider.System.GetUtcNow().ToStored();
        var answered = await server.BringAsync(
            id,
            new Sent("skip", new { meter_id = meters[0], code = "no_access", skipped_at = at - error }) { ClockError = error },
            new Sent("skip", new { meter_id = meters[0], code = "other" }),
            new Sent("skip", new { meter_id = meters[2], code = "dog" }),
            new Sent("skip", new { serial_number = "nobody knows it", code = "dog" }),
            new Sent("skip", new { meter_id = meters[0], code = "dog", skipped_at = at + TimeSpan.FromHours(1) }),
            new Sent("skip", new { meter_id = 5, code = "dog" }),
            new Sent("skip", new { meter_id = meters[1], code = "vacant" }) { Op = FieldOp.Update },
            new Sent("skip", new { meter_id = meters[1], code = "vacant", latitude = 1.5 }),
            new Sent("skip", new { meter_id = meters[1], code = "vacant" }) { CapturedAt = at.AddSeconds(-1) });
        Assert.Equal(["applied", "request.invalid", "skip.meter_not_found", "skip.meter_not_found", "skip.in_future", "request.malformed", "request.invalid", "request.invalid", "applied"], answered.Select(one => one.Code));
        var skip = Assert.Single((await admin.GetAsync($"/api/v1/skips?meter_id={meters[0]}")).Items());
        Assert.Equal((answered[0].Fine.Id.ToString(), (string?)work["id"]), ((string?)skip["id"], (string?)skip["assignment_id"]));
        Assert.Equal(at, (DateTimeOffset)skip["skipped_at"]!);
        Assert.Equal(at.AddSeconds(-1), (DateTimeOffset)Assert.Single((await admin.GetAsync($"/api/v1/skips?meter_id={meters[1]}")).Items())["skipped_at"]!);
        Assert.Empty((await admin.GetAsync($"/api/v1/skips?meter_id={meters[2]}")).Items());
        Assert.Equal(0, await admin.LoadOfAsync(id));
    }

    [Fact]
    public async Task A_skip_that_came_by_its_own_route_is_known_again()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (_, other) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("again")))[0];
        await admin.GiveAsync(meter, id);
        var client = Guid.CreateVersion7();
        var posted = await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "vacant", note = "Boarded up", client_id = client });
        var again = (await server.BringAsync(id, new Sent("skip", new { meter_id = meter, code = "vacant", note = "Boarded up", unknown = 1 }) { ClientId = client }))[0];
        Assert.Equal(((string?)posted.Data["id"], true), (again.Fine.Id.ToString(), again.Fine.AlreadyThere));
        var changed = (await server.BringAsync(id, new Sent("skip", new { meter_id = meter, code = "dog" }) { ClientId = client }))[0];
        Assert.Equal(("skip.client_id_conflict", true), (changed.Code, changed.IsConflict));
        var stranger = (await server.BringAsync(other, new Sent("skip", new { meter_id = meter, code = "vacant", note = "Boarded up" }) { ClientId = client }))[0];
        Assert.Equal(("skip.client_id_conflict", true), (stranger.Code, stranger.IsConflict));
        var brought = new Sent("skip", new { meter_id = meter, code = "dog" });
        Assert.False((await server.BringAsync(id, brought))[0].Fine.AlreadyThere);
        Assert.Equal(HttpStatusCode.OK, (await agent.PostAsync("/api/v1/skips", new { meter_id = meter, code = "dog", client_id = brought.ClientId })).Status);
        Assert.Equal(2, (await admin.GetAsync($"/api/v1/skips?meter_id={meter}")).Items().Count);
    }

    [Fact]
    public async Task Of_several_visits_to_a_meter_the_first_that_may_ends_its_work()
    {
        var admin = await server.SignInAsync("admin");
        var (_, first) = await server.MakeAgentAsync(admin);
        var (_, second) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("several")))[0];
        var work = await admin.GiveAsync(meter, first);
        await admin.PutAsync($"/api/v1/assignments/{work["id"]}", new { agent_id = second });
        var open = (await admin.GetAsync($"/api/v1/assignments?meter_id={meter}&status=open")).Items()[0];

        // Who had it before ends nothing.
        Assert.Equal("applied", (await server.BringAsync(first, new Sent("skip", new { meter_id = meter, code = "no_access" })))[0].Code);
        Assert.Equal(1, await admin.LoadOfAsync(second));
        var brought = await server.BringAsync(
            second,
            new Sent("skip", new { meter_id = meter, code = "no_access", skipped_at = TimeProvider.System.GetUtcNow().AddDays(-40) }),
            new Sent("skip", new { meter_id = meter, code = "dog" }),
            new Sent("skip", new { meter_id = meter, code = "vacant" }));
        Assert.Equal(0, await admin.LoadOfAsync(second));
        var skips = (await admin.GetAsync($"/api/v1/skips?meter_id={meter}&agent_id={second}")).Items().ToDictionary(skip => Guid.Parse((string)skip["id"]!), skip => (string?)skip["assignment_id"]);
        Assert.Equal([null, (string?)open["id"], null], brought.Select(one => skips[one.Fine.Id]));
        Assert.Equal("skipped: dog", (string?)(await admin.GetAsync($"/api/v1/assignments/{open["id"]}")).Data["completion_notes"]);
    }

    [Fact]
    public async Task A_status_that_comes_with_the_skip_that_ended_the_work_is_judged_after_it()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("ended")))[0];
        var work = (string)(await admin.GiveAsync(meter, id))["id"]!;
        Sent Status(string status) => new("assignment_status", new { assignment_id = work, status });
        var answered = await server.BringAsync(id, Status("cancelled"), Status("in_progress"), new Sent("skip", new { meter_id = meter, code = "vacant" }));
        Assert.Equal(["applied", "applied"], answered.Skip(1).Select(one => one.Code));
        Assert.NotEqual("applied", answered[0].Code);
        Assert.Equal("completed", (string?)(await admin.GetAsync($"/api/v1/assignments/{work}")).Data["status"]);
    }

    [Fact]
    public async Task Work_is_begun_before_it_ends_whatever_the_order_and_a_late_cancel_is_refused()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var (_, other) = await server.MakeAgentAsync(admin);
        var meters = await admin.MakeMetersAsync(4, WorkCalls.NewName("turns"));
        var work = new List<string>();
        foreach (var meter in meters.Take(3))
        {
            work.Add((string)(await admin.GiveAsync(meter, id))["id"]!);
        }

        var others = (string)(await admin.GiveAsync(meters[3], other))["id"]!;
        Sent Status(string assignment, string status, string? notes = null) => new("assignment_status", new { assignment_id = assignment, status, completion_notes = notes });
        var answered = await server.BringAsync(
            id,
            Status(work[0], "completed", "Done"),
            Status(work[0], "in_progress"),
            new Sent("skip", new { meter_id = meters[1], code = "vacant" }),
            Status(work[1], "in_progress"),
            Status(others, "in_progress"),
            Status(others, "cancelled"),
            Status(Guid.CreateVersion7().ToString(), "completed"),
            Status(work[2], "overdue"),
            Status(work[2], "asleep"),
            Status(work[2], "in_progress"),
            Status(work[2], "in_progress"));
        Assert.Equal(
            ["applied", "applied", "applied", "applied", "assignment.not_found", "assignment.not_found", "assignment.not_found", "request.invalid", "request.invalid", "applied", "applied"], answered.Select(one => one.Code));
        foreach (var done in work.Take(2))
        {
            var shown = (await admin.GetAsync($"/api/v1/assignments/{done}")).Data;
            Assert.Equal(("completed", true), ((string?)shown["status"], shown["started_at"] is not null));
        }

        Assert.Equal("pending", (string?)(await admin.GetAsync($"/api/v1/assignments/{others}")).Data["status"]);
        Assert.Equal((int)(await admin.GetAsync($"/api/v1/assignments/{work[2]}")).Data["version"]!, answered[9].Fine.Version);

        // The table decides, and what is said again is no fault.
        var late = await server.BringAsync(id, Status(work[0], "cancelled"), Status(work[0], "completed", "Done twice"), Status(work[2], "completed"), Status(work[1], "in_progress", "told late"));
        Assert.Equal([("assignment.transition_refused", false), ("applied", false), ("applied", false), ("applied", false)], late.Select(one => (one.Code, one.IsConflict)));
        var first = (await admin.GetAsync($"/api/v1/assignments/{work[0]}")).Data;
        Assert.Equal(("completed", "Done twice"), ((string?)first["status"], (string?)first["completion_notes"]));
        Assert.Equal(0, await admin.LoadOfAsync(id));
    }

    [Fact]
    public async Task Spelling_and_what_nobody_knows_do_not_make_another_content()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("hash")))[0];
        await admin.GiveAsync(meter, id);
        async Task<byte[]> HashAsync(string entity, string payload) => (await server.BringAsync(id, new Sent(entity, System.Text.Json.JsonDocument.Parse(payload).RootElement)))[0].Hash!;
        async Task SameAsync(string entity, string one, string same, string other)
        {
            var hash = await HashAsync(entity, one);
            Assert.Equal(hash, await HashAsync(entity, same));
            Assert.NotEqual(hash, await HashAsync(entity, other));
        }

        await SameAsync("skip", $$"""{"meter_id":"{{meter}}","code":"dog"}""", $$"""{"code":"dog", "meter_id":"{{meter}}","more":[1]}""", $$"""{"meter_id":"{{meter}}","code":"vacant"}""");
        await SameAsync("location", """{"latitude":51.5,"longitude":0.10}""", """{"location":{"latitude":51.50,"longitude":1e-1},"x":1}""", """{"latitude":51.5,"longitude":0.11}""");
        await SameAsync("agent_status", """{"status":"busy"}""", """{"status":"busy","why":"x"}""", """{"status":"offline"}""");
        await SameAsync(
            "found_meter",
            """{"serial_number":"H1","meter_type":"water","multiplier":1.50,"latitude":1,"longitude":2}""",
            """{"longitude":2.0,"latitude":1,"multiplier":1.5,"meter_type":"water","serial_number":"H1","x":{}}""",
            """{"serial_number":"H1","meter_type":"water","multiplier":1.51,"latitude":1,"longitude":2}""");
        await SameAsync(
            "approval",
            $$$$"""{"meter_id":"{{{{meter}}}}","meter_data":{"address":"A","coordinates":{"latitude":1.50,"longitude":2}}}""",
            $$$$"""{"meter_data":{"coordinates": {"longitude":2.0,"latitude":1.5}, "address":"A"},"meter_id":"{{{{meter}}}}"}""",
            $$$$"""{"meter_id":"{{{{meter}}}}","meter_data":{"address":"B","coordinates":{"latitude":1.50,"longitude":2}}}""");
    }

    [Fact]
    public async Task A_thousand_items_do_not_ask_the_database_a_thousand_times()
    {
        var admin = await server.SignInAsync("admin");
        var (_, id) = await server.MakeAgentAsync(admin, maxLoad: 3 * Many);
        var place = WorkCalls.NewName("thousand");
        var csv = new StringBuilder("serial_number,meter_type,location_id,address\n");
        for (var index = 0; index < Many; index++)
        {
            csv.Append(MeterCalls.NewSerial("TH")).Append(",water,").Append(place).Append(",Mill Lane ").Append(index).Append('\n');
        }

        await admin.RunFileJobAsync("/api/v1/meters/import", "meters.csv", Encoding.UTF8.GetBytes(csv.ToString()));
        var before = await admin.OpenCycleAsync(place, -40, -10);
        var now = await admin.OpenCycleAsync(place, -9, 10);
        var meters = await server.AskAsync(db => MeterSync.Modules.Meters.Public.MeterFacts.OfMeters(db, null).Where(meter => meter.LocationId == place).Select(meter => meter.Id).ToListAsync());
        Assert.Equal(Many, meters.Count);
        var given = await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Select(meter => meter.Value), agent_id = id, cycle_id = now.Split('/')[^1] });
        Assert.True(given.Status == HttpStatusCode.Created, given.Body.ToJsonString());
        var earlier = TimeProvider.System.GetUtcNow().AddDays(-20);
        List<Sent> Skips(IEnumerable<MeterId> of, DateTimeOffset at) => [.. of.Select(meter => new Sent("skip", new { meter_id = meter.Value, code = "dog", skipped_at = at }))];
        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.DatabaseFile);
        async Task<int> CostAsync(IReadOnlyList<Sent> sent)
        {
            var asked = count.Statements.Count;
            Assert.All(await server.BringAsync(id, sent), one => Assert.Equal("applied", one.Code));
            return count.Statements.Count - asked;
        }

        // The server's own looks at cycles, keys and overdue work go on meanwhile.
        Assert.InRange(await CostAsync(Skips(meters, earlier)), 1, MostQuestions);
        Assert.InRange(await CostAsync(Skips(meters, TimeProvider.System.GetUtcNow())), 1, MostQuestions);
        Assert.Equal(0, await admin.LoadOfAsync(id));
        List<MeterId> all = meters;
        Assert.Equal(Many, await server.AskAsync(db => db.Set<FollowUp>().CountAsync(followUp => all.Contains(followUp.MeterId) && followUp.ClosedAt == null)));
        Assert.Equal(Many, await server.AskAsync(db => db.Set<Skip>().CountAsync(skip => all.Contains(skip.MeterId) && skip.AssignmentId != null)));
        Assert.Equal(Many, (int)(await admin.GetAsync(before + "/progress")).Data["meters"]!["skipped"]!);
        Assert.Equal(Many, (int)(await admin.GetAsync(now + "/progress")).Data["meters"]!["skipped"]!);

        var statuses = (await server.AskAsync(db => db.Set<Assignment>().Where(work => all.Contains(work.MeterId)).Select(work => work.Id).ToListAsync())).ConvertAll(work => new Sent("assignment_status", new { assignment_id = work.Value, status = "completed" }));
        Assert.InRange(await CostAsync(statuses), 1, MostQuestions);
    }

    [Fact]
    public async Task Batches_about_each_others_work_wait_and_do_not_block_each_other()
    {
        var admin = await server.SignInAsync("admin");
        var (_, first) = await server.MakeAgentAsync(admin);
        var (_, second) = await server.MakeAgentAsync(admin);
        var office = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            office.Add((string)(await admin.MakeUserAsync(WorkCalls.NewName("office"), "manager", "all"))["id"]!);
        }

        var meters = await admin.MakeMetersAsync(8, WorkCalls.NewName("ring"));
        for (var index = 0; index < meters.Count; index++)
        {
            await admin.GiveAsync(meters[index], index % 2 == 0 ? first : second);
        }

        Sent Skip(int index) => new("skip", new { meter_id = meters[index], code = "vacant" });
        var answered = await Task.WhenAll(
            server.BringAsync(office[0], [Skip(0), Skip(3), Skip(4), Skip(7)]), server.BringAsync(office[1], [Skip(7), Skip(4), Skip(1), Skip(2)]), server.BringAsync(first, [Skip(0), Skip(2), Skip(6)]), server.BringAsync(second, [Skip(5), Skip(1)]));
        Assert.All(answered.SelectMany(one => one), one => Assert.Equal("applied", one.Code));
        Assert.Equal((0, 0), (await admin.LoadOfAsync(first), await admin.LoadOfAsync(second)));
    }
}

public sealed class FieldWorkOnSqliteTests(FieldSqliteServer server) : FieldWorkTests(server), IClassFixture<FieldSqliteServer>;

public sealed class FieldWorkOnPostgresTests(FieldPostgresServer server) : FieldWorkTests(server), IClassFixture<FieldPostgresServer>;
