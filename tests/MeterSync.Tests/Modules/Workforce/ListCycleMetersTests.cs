using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class ListCycleMetersTests(ServerFixture server)
{
    [Fact]
    public async Task Lists_what_the_progress_counts_to_whoever_looks()
    {
        var scene = await CycleScene.MakeAsync(server);
        Assert.Equal("total=12 read=3 held=1 estimated=1 skipped=1 assigned=4 unassigned=2", CycleScene.OutcomesOf(await scene.FollowProgressAsync(scene.Admin)));
        Assert.Equal("total=9 read=2 held=1 estimated=1 skipped=1 assigned=3 unassigned=1", CycleScene.OutcomesOf(await scene.FollowProgressAsync(scene.Manager)));
        Assert.Equal("total=6 read=2 held=0 estimated=0 skipped=1 assigned=3 unassigned=0", CycleScene.OutcomesOf(await scene.FollowProgressAsync(scene.Walker)));
        Assert.Equal("total=1 read=0 held=0 estimated=0 skipped=0 assigned=1 unassigned=0", CycleScene.OutcomesOf(await scene.FollowProgressAsync(scene.Second)));
        foreach (var client in new[] { scene.Admin, scene.Manager })
        {
            var row = (await client.GetAsync($"/api/v1/reports/cycle-progress?cycle_id={scene.Cycle}")).Data["rows"]![0]!;
            Assert.Equal(7, await CycleScene.FollowAsync(client, "cycle-progress", row["links"]!.AsObject(), name => row["values"]![name]));
        }

        // A closed cycle is told from the same rows.
        var closing = await scene.Admin.PostAsync(scene.Path + "/close", new { missed = "leave" });
        Assert.Equal("completed", (string?)(await scene.Admin.WaitForJobAsync($"{scene.Path}/close/{closing.Data["id"]}"))["status"]);
        Assert.Equal("total=12 read=3 held=1 estimated=1 skipped=1 assigned=0 unassigned=6", CycleScene.OutcomesOf(await scene.FollowProgressAsync(scene.Admin)));
    }

    [Fact]
    public async Task Each_meter_says_where_it_stands_and_who_has_it_to_do()
    {
        var scene = await CycleScene.MakeAsync(server);
        var all = (await scene.Admin.GetAsync(scene.Path + "/meters?limit=100")).Items();
        Assert.Equal(all.Select(row => (string)row["serial_number"]!).Order(StringComparer.Ordinal), all.Select(row => (string)row["serial_number"]!));
        string Outcome(string meter) => (string)all.Single(row => (string?)row["meter_id"] == meter)["outcome"]!;
        Assert.Equal(["read", "held", "estimated", "skipped", "read", "assigned", "assigned", "assigned", "unassigned"], scene.InNorth.Select(Outcome));
        Assert.Equal(["read", "assigned", "unassigned"], scene.InSouth.Select(Outcome));

        JsonNode Row(string meter) => all.Single(row => (string?)row["meter_id"] == meter);
        Assert.Equal(("9 Mill Lane", scene.North, null, null, null), ((string?)Row(scene.InNorth[8])["address"], (string?)Row(scene.InNorth[8])["region_id"], (string?)Row(scene.InNorth[8])["agent_id"], (string?)Row(scene.InNorth[8])["assignment_id"], (string?)Row(scene.InNorth[8])["last_skip"]));
        Assert.Equal(["pending", "in_progress", "overdue"], scene.InNorth[5..8].Select(meter => (string?)Row(meter)["assignment_status"]));
        var overdue = Row(scene.InNorth[7]);
        Assert.Equal(scene.WalkerId, (string?)overdue["agent_id"]);
        Assert.StartsWith("Test ", (string?)overdue["agent_name"], StringComparison.Ordinal);
        Assert.Equal(scene.InNorth[7], (string?)(await scene.Admin.GetAsync($"/api/v1/assignments/{overdue["assignment_id"]}")).Data["meter_id"]);
        Assert.Equal(("no_access", "dog"), ((string?)Row(scene.InNorth[3])["last_skip"], (string?)Row(scene.InNorth[4])["last_skip"]));
        Assert.NotNull(Row(scene.InNorth[3])["skipped_at"]);

        // What is missing, of all and of one agent; page by page.
        Assert.Equal(7, (int)(await scene.Admin.GetAsync(scene.Path + "/meters?outcome=missing")).Data["total"]!);
        Assert.Equal(scene.InNorth[5..8].Order(), (await scene.Admin.GetAsync($"{scene.Path}/meters?outcome=missing&agent_id={scene.WalkerId}")).Items().Select(row => (string)row["meter_id"]!).Order());
        Assert.Equal([scene.InSouth[1]], (await scene.Admin.GetAsync($"{scene.Path}/meters?agent_id={scene.SecondId}")).Items().Select(row => (string)row["meter_id"]!));
        Assert.Equal(0, (int)(await scene.Manager.GetAsync($"{scene.Path}/meters?agent_id={scene.SecondId}")).Data["total"]!);
        Assert.Equal(0, (int)(await scene.Walker.GetAsync($"{scene.Path}/meters?agent_id={scene.SecondId}")).Data["total"]!);
        var pages = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            pages.AddRange((await scene.Admin.GetAsync($"{scene.Path}/meters?limit=5&page={page}")).Items().Select(row => (string)row["meter_id"]!));
        }

        Assert.Equal(all.Select(row => (string)row["meter_id"]!), pages);
        Assert.Empty((await scene.Admin.GetAsync($"{scene.Path}/meters?limit=5&page=4")).Items());

        // Missed of one agent: what it was given and brought no value of.
        var missed = (await scene.Admin.GetAsync($"/api/v1/reports/missed?cycle_id={scene.Cycle}&agent_id={scene.WalkerId}")).Data["rows"]!.AsArray();
        Assert.Equal(new[] { scene.InNorth[3], scene.InNorth[5], scene.InNorth[6], scene.InNorth[7] }.Order(), missed.Select(row => (string)row!["values"]!["meter_id"]!).Order());
    }

    [Fact]
    public async Task Refuses_what_it_does_not_know()
    {
        var admin = await server.SignInAsync("admin");
        var made = (await admin.PostAsync("/api/v1/read-cycles", new { name = WorkCalls.NewName("Empty round "), window_from = "2026-01-01", window_to = "2026-02-01" })).Data;
        Assert.Equal(0, (int)(await admin.GetAsync($"/api/v1/read-cycles/{made["id"]}/meters")).Data["total"]!);
        (await admin.GetAsync($"/api/v1/read-cycles/{made["id"]}/meters?outcome=lost")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await admin.GetAsync($"/api/v1/read-cycles/{made["id"]}/meters?agent_id=me")).Refused(HttpStatusCode.BadRequest, "request.malformed");
        (await admin.GetAsync($"/api/v1/read-cycles/{Guid.CreateVersion7()}/meters")).Refused(HttpStatusCode.NotFound, "cycle.not_found");
    }
}

public sealed class ListCycleMetersOnSqliteTests(SqliteServer server) : ListCycleMetersTests(server), IClassFixture<SqliteServer>;

public sealed class ListCycleMetersOnPostgresTests(PostgresServer server) : ListCycleMetersTests(server), IClassFixture<PostgresServer>;
