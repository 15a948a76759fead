using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
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
        foreach (var report in Reports)
        {
            var made = await admin.GetAsync($"/api/v1/reports/{report}");
            Assert.True(made.Status == HttpStatusCode.OK, $"{report}: {made.Body.ToJsonString()}");
            foreach (var row in made.Data["rows"]!.AsArray().Take(30))
            {
                foreach (var (column, path) in row!["links"]!.AsObject())
                {
                    var listed = await admin.GetAsync((string)path!);
                    Assert.True(listed.Status == HttpStatusCode.OK, $"{report} {column} {path}: {listed.Body.ToJsonString()}");
                    if (listed.Data["total"] is { } total && row["values"]![column] is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number && !column.Contains("percent") && !column.Contains("score")
                        && report is "agent-performance" or "dashboard" or "readings-summary" or "skips" or "meter-status" or "time-per-reading" && !((string?)row["values"]!["metric"] ?? "").EndsWith("percent", StringComparison.Ordinal))
                    {
                        Assert.True((int)total == number.GetValue<int>(), $"{report} {column}: {number} but {path} lists {total}");
                    }
                }
            }
        }

        var mine = (await admin.GetAsync($"/api/v1/reports/agent-performance?agent_id={id}")).Data["rows"]![0]!["values"]!;
        Assert.Equal((4, 3, 2, 1), ((int)mine["assigned"]!, (int)mine["completed"]!, (int)mine["readings"]!, (int)mine["skips"]!));
        var missed = (await admin.GetAsync($"/api/v1/reports/missed?cycle_id={cycle}")).Data["rows"]!.AsArray();
        Assert.Equal(["unsafe", null], missed.Select(row => (string?)row!["values"]!["last_skip"]));
        var early = Assert.Single((await admin.GetAsync($"/api/v1/reports/out-of-route?agent_id={id}")).Data["rows"]!.AsArray(), row => (int)row!["values"]!["position"]! == 1);
        Assert.Equal(3, (int)early!["values"]!["after_position"]!);
        var progress = (await admin.GetAsync($"/api/v1/reports/cycle-progress?cycle_id={cycle}")).Data["rows"]![0]!["values"]!;
        Assert.Equal((4, 2, 1, 1, 50.0), ((int)progress["meters"]!, (int)progress["read"]!, (int)progress["skipped"]!, (int)progress["assigned"]!, (double)progress["percent"]!));
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
