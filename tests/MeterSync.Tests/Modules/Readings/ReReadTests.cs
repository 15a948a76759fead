using System.Net;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Readings;

public abstract class ReReadTests(ServerFixture server)
{
    [Fact]
    public async Task The_next_reading_of_the_meter_answers_a_request_to_read_again()
    {
        var admin = await server.SignInAsync("admin");
        var agent = await server.SignInAsync("agent1");
        var meter = (await admin.PostAsync("/api/v1/meters", new { serial_number = "RR-1", type = "water" })).Data["id"];
        await server.GiveToAgentsAsync(Guid.Parse((string)meter!));
        var doubted = (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = "2026-01-05T10:00:00Z" })).Data["id"];
        var asked = await admin.PostAsync($"/api/v1/readings/{doubted}/re-read", new { reason = "blurred photo" });
        Assert.Equal((HttpStatusCode.Created, "open", "RR-1"), (asked.Status, (string?)asked.Data["status"], (string?)asked.Data["serial_number"]));
        var again = await admin.PostAsync($"/api/v1/readings/{doubted}/re-read", new { reason = "still blurred" });
        Assert.Equal((HttpStatusCode.Conflict, "reading.re_read_open"), (again.Status, again.Code));
        Assert.Equal(1, (int)(await agent.GetAsync("/api/v1/re-reads?status=open")).Data["total"]!);
        Assert.Equal(0, (int)(await (await server.SignInAsync("agent2")).GetAsync("/api/v1/re-reads")).Data["total"]!);

        var answer = (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 11 })).Data["id"];
        var done = (await admin.GetAsync($"/api/v1/re-reads?status=done&meter_id={meter}")).Data["items"]!.AsArray().Single()!;
        Assert.Equal(("done", (string?)answer), ((string?)done["status"], (string?)done["answered_by"]));

        // A rejected answer is none.
        await admin.PostAsync($"/api/v1/readings/{answer}/reject", new { reason = "wrong meter" });
        Assert.Equal(1, (int)(await admin.GetAsync($"/api/v1/re-reads?status=open&meter_id={meter}")).Data["total"]!);
    }

    [Fact]
    public async Task Two_supervisors_who_ask_at_once_make_one_request()
    {
        var admin = await server.SignInAsync("admin");
        var meter = (await admin.PostAsync("/api/v1/meters", new { serial_number = "RR-2", type = "water" })).Data["id"];
        var doubted = (await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 10, reading_timestamp = "2026-01-05T10:00:00Z" })).Data["id"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => admin.PostAsync($"/api/v1/readings/{doubted}/re-read", new { reason = "doubtful" })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_bad_request_to_read_again_is_refused()
    {
        var admin = await server.SignInAsync("admin");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"/api/v1/readings/{Guid.CreateVersion7()}/re-read", new { reason = "doubtful" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync($"/api/v1/readings/{Guid.CreateVersion7()}/re-read", new { reason = "x" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("/api/v1/re-reads?status=maybe")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.SignInAsync("agent1")).PostAsync($"/api/v1/readings/{Guid.CreateVersion7()}/re-read", new { reason = "doubtful" })).Status);
    }

    [Fact]
    public async Task Active_meters_are_unassigned()
    {
        var admin = await server.SignInAsync("admin");
        foreach (var (serial, status) in new[] { ("UN-1", "active"), ("UN-2", "inactive") })
        {
            await admin.PostAsync("/api/v1/meters", new { serial_number = serial, type = "water", status });
        }

        var serials = (await admin.GetAsync("/api/v1/meters/unassigned?limit=100")).Data["items"]!.AsArray().Select(meter => (string?)meter!["serial_number"]).ToList();
        Assert.Contains("UN-1", serials);
        Assert.DoesNotContain("UN-2", serials);
    }
}

public sealed class ReReadOnSqliteTests(SqliteServer server) : ReReadTests(server), IClassFixture<SqliteServer>;

public sealed class ReReadOnPostgresTests(PostgresServer server) : ReReadTests(server), IClassFixture<PostgresServer>;
