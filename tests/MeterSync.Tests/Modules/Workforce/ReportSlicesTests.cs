using System.Net;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Reports;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class ReportSlicesTests(ServerFixture server)
{
    private static readonly string[] Reports = ["agent-performance", "cycle-progress", "dashboard", "high-low", "meter-status", "out-of-route", "readings-summary", "skips", "time-per-reading"];

    [Fact]
    public async Task Every_number_leads_to_the_rows_behind_it()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("report");
        var meters = await admin.MakeMetersAsync(4, place);
        var cycle = (await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = "2026-01-01", window_to = "2199-01-01", location_id = place })).Data["id"];
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/read-cycles/{cycle}/open")).Status);
        await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters, agent_id = id });
        // The third stop before the first: out of route.
        foreach (var (index, value) in new[] { (2, 5), (0, 7) })
        {
            Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meters[index], reading_value = value })).Status);
        }

        await agent.PostAsync("/api/v1/skips", new { meter_id = meters[1], code = "unsafe" });
        // Every outcome of a cycle, an agent without room, and a manager who sees a part.
        var scene = await CycleScene.MakeAsync(server);
        foreach (var client in new[] { admin, scene.Manager })
        {
            foreach (var report in Reports)
            {
                var made = await client.GetAsync($"/api/v1/reports/{report}");
                Assert.True(made.Status == HttpStatusCode.OK, $"{report}: {made.Body.ToJsonString()}");
                foreach (var row in made.Data["rows"]!.AsArray().Take(30))
                {
                    var isCounted = report is not ("high-low" or "out-of-route") && !((string?)row!["values"]!["metric"] ?? "").EndsWith("percent", StringComparison.Ordinal);
                    await CycleScene.FollowAsync(client, report, row!["links"]!.AsObject(), column => isCounted && column != "visit_score" ? row["values"]![column] : null);
                }
            }
        }

        var numbers = (await scene.Manager.GetAsync("/api/v1/reports/skips")).Data["rows"]!.AsArray().ToDictionary(row => (string)row!["values"]!["code"]!, row => row!["values"]!);
        Assert.Equal((2, 1, 1), ((int)numbers["dog"]["visits"]!, (int)numbers["dog"]["meters"]!, (int)numbers["dog"]["agents"]!));
        var mine = (await admin.GetAsync($"/api/v1/reports/agent-performance?agent_id={id}")).Data["rows"]![0]!["values"]!;
        Assert.Equal((4, 3, 2, 1), ((int)mine["assigned"]!, (int)mine["completed"]!, (int)mine["readings"]!, (int)mine["skips"]!));
        var missed = (await admin.GetAsync($"/api/v1/reports/missed?cycle_id={cycle}")).Data["rows"]!.AsArray();
        Assert.Equal(["unsafe", null], missed.Select(row => (string?)row!["values"]!["last_skip"]));
        var early = Assert.Single((await admin.GetAsync($"/api/v1/reports/out-of-route?agent_id={id}")).Data["rows"]!.AsArray(), row => (int)row!["values"]!["position"]! == 1);
        Assert.Equal(3, (int)early!["values"]!["after_position"]!);
        var progress = (await admin.GetAsync($"/api/v1/reports/cycle-progress?cycle_id={cycle}")).Data["rows"]![0]!["values"]!;
        Assert.Equal((4, 2, 1, 1, 50.0), ((int)progress["meters"]!, (int)progress["read"]!, (int)progress["skipped"]!, (int)progress["assigned"]!, (double)progress["percent"]!));
    }

    [Fact]
    public async Task The_days_at_the_ends_of_the_period_are_listed_in_part()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("ends")))[0];
        await admin.GiveAsync(meter, id);
        var begin = TimeProvider.System.GetUtcNow().AddDays(-30);
        foreach (var (minutes, value) in new[] { (-2, 10), (2, 11) })
        {
            var read = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = value, reading_timestamp = begin.AddMinutes(minutes) });
            Assert.True(read.Status == HttpStatusCode.Created, read.Body.ToJsonString());
        }

        var row = Assert.Single((await admin.GetAsync($"/api/v1/reports/time-per-reading?agent_id={id}")).Data["rows"]!.AsArray())!;
        Assert.Equal(1, (int)row["values"]!["readings"]!);
        Assert.Equal(1, await CycleScene.FollowAsync(admin, "time-per-reading", row["links"]!.AsObject(), column => row["values"]![column]));
    }

    [Fact]
    public async Task What_is_asked_of_one_agent_or_cycle_is_told_of_it_or_refused()
    {
        var scene = await CycleScene.MakeAsync(server);
        var (admin, mine, cycle) = (scene.Admin, $"agent_id={scene.WalkerId}", $"cycle_id={scene.Cycle}");
        var summary = (await admin.GetAsync($"/api/v1/reports/readings-summary?{mine}")).Data["rows"]!.AsArray();
        Assert.Equal(2, summary.Sum(row => (int)row!["values"]!["readings"]!));
        foreach (var row in summary)
        {
            await CycleScene.FollowAsync(admin, "readings-summary", row!["links"]!.AsObject(), column => row["values"]![column]);
        }

        // The second value of a meter that an agent reads is ten thousand times its use.
        await admin.GiveAsync(scene.InNorth[8], scene.WalkerId);
        foreach (var (value, days) in new[] { (100, -8), (101, -6), (102, -4), (103, -2), (90_000, 0) })
        {
            await CycleScene.ReadAsync(scene.Walker, scene.InNorth[8], value, days);
        }

        var high = (await admin.GetAsync($"/api/v1/reports/high-low?{mine}")).Data["rows"]!.AsArray();
        Assert.NotEmpty(high);
        Assert.All(high, row => Assert.Equal(scene.InNorth[8], (string?)row!["values"]!["meter_id"]));
        Assert.Empty((await admin.GetAsync($"/api/v1/reports/high-low?agent_id={scene.SecondId}")).Data["rows"]!.AsArray());
        Assert.Empty((await admin.GetAsync($"/api/v1/reports/out-of-route?cycle_id={Guid.CreateVersion7()}")).Data["rows"]!.AsArray());
        foreach (var (report, query, field) in new[]
        {
            ("dashboard", mine, "agent_id"), ("dashboard", cycle, "cycle_id"), ("meter-status", mine, "agent_id"), ("meter-status", cycle, "cycle_id"), ("cycle-progress", mine, "agent_id"),
            ("agent-performance", cycle, "cycle_id"), ("readings-summary", cycle, "cycle_id"), ("high-low", cycle, "cycle_id"), ("time-per-reading", cycle, "cycle_id"),
        })
        {
            var refused = await admin.GetAsync($"/api/v1/reports/{report}?{query}");
            refused.Refused(HttpStatusCode.BadRequest, "request.invalid");
            Assert.Contains(field, refused.Message, StringComparison.Ordinal);
            var word = report.Replace('-', '_');
            refused = await admin.PostAsync("/api/v1/export/csv", new { type = word, filters = field == "agent_id" ? (object)new { agent_id = scene.WalkerId } : new { cycle_id = scene.Cycle } });
            refused.Refused(HttpStatusCode.BadRequest, "request.invalid");
            Assert.Contains(field, refused.Message, StringComparison.Ordinal);
        }

        (await admin.PostAsync("/api/v1/export/csv", new { type = "meters", agent_id = scene.WalkerId })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await admin.PostAsync("/api/v1/export/csv", new { type = "readings", cycle_id = scene.Cycle })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        var rows = Exports.Rows(await Exports.TextAsync(await server.SignInAsync("viewer"), new { type = "readings", agent_id = scene.WalkerId }));
        Assert.Equal(7, rows.Count);
        Assert.All(rows, row => Assert.Equal(scene.WalkerId, row["agent_id"]));
    }

    [Fact]
    public async Task A_file_of_a_report_has_a_link_for_every_number()
    {
        var scene = await CycleScene.MakeAsync(server);
        var rows = Exports.Rows(await Exports.TextAsync(scene.Manager, new { type = "agent_performance", agent_id = scene.WalkerId }));
        var row = Assert.Single(rows);
        foreach (var column in new[] { "assigned", "completed", "overdue", "readings", "held", "rejected", "verified", "skips" })
        {
            Assert.True((string?)row[column] == (await scene.Manager.GetAsync(row[column + "_rows_at"])).Data["total"]!.ToString(), $"{column}: {row[column]} and {row[column + "_rows_at"]}");
        }

        // The columns are the same where there is nothing to tell.
        var none = await Exports.TextAsync(scene.Manager, new { type = "agent_performance", agent_id = Guid.CreateVersion7() });
        Assert.EndsWith(",assigned_rows_at,completed_rows_at,overdue_rows_at,readings_rows_at,held_rows_at,rejected_rows_at,verified_rows_at,skips_rows_at,visit_score_rows_at\r\n", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_time_to_come_is_refused_as_the_report_is()
    {
        var viewer = await server.SignInAsync("viewer");
        var (soon, later) = (TimeProvider.System.GetUtcNow().AddDays(3), TimeProvider.System.GetUtcNow().AddDays(5));
        var day = soon.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await viewer.GetAsync($"/api/v1/reports/dashboard?start_date={day}")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.PostAsync("/api/v1/reports/export", new { report_type = "dashboard", start_date = day })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.PostAsync("/api/v1/export/csv", new { type = "dashboard", from = soon })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(HttpStatusCode.Accepted, (await viewer.PostAsync("/api/v1/export/csv", new { type = "dashboard", from = soon, to = later })).Status);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public async Task A_report_leaves_as_a_file_as_well(string format)
    {
        var viewer = await server.SignInAsync("viewer");
        foreach (var report in Reports.Select(name => name.Replace('-', '_')))
        {
            var accepted = await viewer.PostAsync("/api/v1/reports/export", new { report_type = report, format });
            Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToJsonString());
            var job = await viewer.WaitForJobAsync($"/api/v1/export/status/{accepted.Data["id"]}");
            Assert.True((string?)job["status"] == "completed", $"{report}: {job.ToJsonString()}");
            var file = await viewer.Http.GetByteArrayAsync($"/api/v1/export/download/{accepted.Data["id"]}");
            Assert.True(format == "csv" ? System.Text.Encoding.UTF8.GetString(file).Contains("rows_at", StringComparison.Ordinal) : file.AsSpan(0, 2).SequenceEqual("PK"u8));
        }
    }

    [Fact]
    public async Task Refuses_what_cannot_be_reported()
    {
        var viewer = await server.SignInAsync("viewer");
        (await viewer.GetAsync("/api/v1/reports/missed")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.GetAsync($"/api/v1/reports/missed?cycle_id={Guid.CreateVersion7()}")).Refused(HttpStatusCode.NotFound, "cycle.not_found");
        (await viewer.GetAsync("/api/v1/reports/dashboard?start_date=2026-02-01&end_date=2026-01-01")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.GetAsync("/api/v1/reports/dashboard?start_date=yesterday")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.PostAsync("/api/v1/reports/export", new { report_type = "missed" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await viewer.PostAsync("/api/v1/reports/export", new { report_type = "everything" })).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("agent1")).GetAsync("/api/v1/reports/dashboard")).Status);
    }
}

public sealed class ReportSlicesOnSqliteTests(SqliteServer server) : ReportSlicesTests(server), IClassFixture<SqliteServer>;

public sealed class ReportSlicesOnPostgresTests(PostgresServer server) : ReportSlicesTests(server), IClassFixture<PostgresServer>;
