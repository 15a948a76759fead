using System.Net;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Domain;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store.Audit;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;
using ServicePoint = MeterSync.Modules.Meters.Domain.ServicePoint;

namespace MeterSync.Tests.Modules.Billing;

public abstract class FreezeBillingRunTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task Freezes_counts_totals_and_lines_with_what_they_rest_on()
    {
        var first = await scene.AddMeterAsync("A");
        var previous = await scene.AddValueAsync(first, Day(2, 28), 1000);
        var current = await scene.AddValueAsync(first, Day(3, 31), 1150.25m, 150.25m, flags: "VEE-106");
        var second = await scene.AddMeterAsync("B");
        await scene.AddValueAsync(second, Day(3, 30), 50, 49.75m);
        var held = await scene.AddMeterAsync("C");
        await scene.AddValueAsync(held, Day(3, 30), 50, 50, ReadingState.Held);
        await scene.AddMeterAsync("D");

        var client = await server.SignInAsync("manager");
        var id = await scene.FreezeAsync(client, "2026-03-01", "2026-04-01");
        var run = (await client.GetAsync($"/api/v1/billing-runs/{id}")).Data;
        Assert.Equal("""{"total":4,"billable":2,"held":1,"missing":1}""", run["lines"]!.ToJsonString());
        Assert.Equal(("kwh", "import", "kWh", 200m, 2), ((string?)run["totals"]![0]!["quantity"], (string?)run["totals"]![0]!["direction"], (string?)run["totals"]![0]!["unit"], (decimal)run["totals"]![0]!["consumption"]!, (int)run["totals"]![0]!["lines"]!));
        Assert.Equal(("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "Demo manager"), ((string?)run["period_from"], (string?)run["period_to"], (string?)run["created_by"]));

        var lines = await ItemsAsync(client, $"/api/v1/billing-runs/{id}/lines");
        Assert.Equal([1, 2, 3, 4], lines.Select(line => (int)line!["line_number"]!));
        Assert.Equal(["billable", "billable", "held", "missing"], lines.Select(line => (string?)line!["state"]));
        var inputs = lines[0]!["inputs"]!.AsArray();
        Assert.Equal([(previous.Id.Value.ToString(), false), (current.Id.Value.ToString(), true)], inputs.Select(input => ((string)input!["value_id"]!, (bool)input["in_period"]!)));
        Assert.Equal((1150.25m, 150.25m, "VEE-106"), ((decimal)inputs[1]!["value"]!, (decimal)inputs[1]!["consumption"]!, (string?)inputs[1]!["flags"]));
        Assert.Equal(2, (await ItemsAsync(client, $"/api/v1/billing-runs/{id}/lines?state=billable")).Count);

        var runId = Guid.Parse(id);
        Assert.Equal("created", await scene.AskAsync(db => db.Set<AuditEntry>().Where(entry => entry.EntityType == "billing_run" && entry.EntityId == runId).Select(entry => entry.Action).SingleAsync()));
        Assert.Contains(await ItemsAsync(client, "/api/v1/billing-runs?limit=100"), listed => (string?)listed!["id"] == id);
    }

    [Fact]
    public async Task A_frozen_line_stays_as_it_was_when_its_reading_is_corrected()
    {
        var register = await scene.AddMeterAsync("A");
        var value = await scene.AddValueAsync(register, Day(3, 31), 1150, 150);
        var client = await server.SignInAsync("manager");
        var id = await scene.FreezeAsync(client, "2026-03-01", "2026-04-01");
        var before = (await ItemsAsync(client, $"/api/v1/billing-runs/{id}/lines")).ToJsonString();
        await scene.CorrectAsync(value, 1250, 250);
        Assert.Equal(before, (await ItemsAsync(client, $"/api/v1/billing-runs/{id}/lines")).ToJsonString());
    }

    [Fact]
    public async Task Refuses_a_period_that_overlaps_a_run_and_names_it()
    {
        await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("manager");
        var id = await scene.FreezeAsync(client, "2026-03-01", "2026-04-01");
        var refused = await client.PostAsync("/api/v1/billing-runs", new { period_from = "2026-03-31", period_to = "2026-05-01", location_id = scene.Location });
        Assert.Equal((HttpStatusCode.Conflict, "billing.period_overlaps"), (refused.Status, refused.Code));
        Assert.Contains($"'Run of {scene.Location}' ({id})", refused.Message, StringComparison.Ordinal);

        await scene.FreezeAsync(client, "2026-04-01", "2026-05-01");
        var allowed = await client.PostAsync("/api/v1/billing-runs", new { period_from = "2026-03-31", period_to = "2026-05-01", location_id = scene.Location, allow_overlap = true });
        Assert.Equal(HttpStatusCode.Accepted, allowed.Status);
        Assert.Equal("completed", (string?)(await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)allowed.Data["id"]}"))["status"]);
    }

    [Fact]
    public async Task Refuses_registers_that_were_billed_at_their_former_location()
    {
        var register = await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("manager");
        var id = await scene.FreezeAsync(client, "2026-03-01", "2026-04-01");
        var elsewhere = scene.Location + "-new";
        await scene.SaveAsync(db =>
        {
            var point = db.Set<Meter>().Where(meter => meter.Id == register.MeterId).Select(meter => meter.ServicePointId).Single();
            db.Set<ServicePoint>().Single(candidate => candidate.Id == point).LocationId = elsewhere;
        });
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { period_from = "2026-03-15", period_to = "2026-04-15", location_id = elsewhere });
        var job = await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        Assert.Equal(("failed", "billing.period_overlaps"), ((string?)job["status"], (string?)job["result"]!["error"]!["code"]));
        Assert.Contains(id, (string?)job["message"], StringComparison.Ordinal);
        Assert.False(await scene.AskAsync(db => db.Set<BillingLine>().AnyAsync(line => line.LocationId == elsewhere)));
    }

    [Fact]
    public async Task A_place_without_registers_gives_no_run()
    {
        var client = await server.SignInAsync("manager");
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { period_from = "2026-03-15", period_to = "2026-04-15", location_id = scene.Location });
        var job = await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        Assert.Equal(("failed", "billing.no_registers"), ((string?)job["status"], (string?)job["result"]!["error"]!["code"]));
    }

    [Fact]
    public async Task A_job_taken_up_again_after_a_crash_freezes_once()
    {
        await scene.AddMeterAsync("A");
        var input = JsonDocument.Parse($$"""{"name":"Again","from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z","location_id":"{{scene.Location}}","allow_overlap":false}""").RootElement;
        var job = new JobRun(scene.Id<JobId>(), input, null, "", (_, _) => { });
        List<string?> runs = [];
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var scope = server.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = new Caller(null, "operator", BuiltInRole.Admin, DataScope.All, []);
            var handler = scope.ServiceProvider.GetServices<IJobHandler>().Single(candidate => candidate.Kind == "billing.freeze");
            runs.Add((await handler.RunAsync(job, CancellationToken.None)).Value!.Result!.Value.GetProperty("billing_run_id").GetString());
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(1, await scene.AskAsync(db => db.Set<BillingLine>().CountAsync(line => line.LocationId == scene.Location)));
    }

    [Fact]
    public async Task Only_managers_freeze_and_adjust()
    {
        foreach (var name in new[] { "viewer", "agent1" })
        {
            var client = await server.SignInAsync(name);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/billing-runs", new { period_from = "2026-03-15", period_to = "2026-04-15" })).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"/api/v1/billing-runs/{Guid.CreateVersion7()}/adjustments")).Status);
        }

        using var nobody = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(nobody).GetAsync("/api/v1/billing-runs")).Status);
    }

    [Fact]
    public async Task Says_that_there_is_no_such_run()
    {
        var client = await server.SignInAsync("manager");
        var none = $"/api/v1/billing-runs/{Guid.CreateVersion7()}";
        foreach (var path in new[] { none, none + "/lines", none + "/adjustments" })
        {
            Assert.Equal("billing.run_not_found", (await client.GetAsync(path)).Code);
        }

        Assert.Equal("billing.run_not_found", (await client.PostAsync(none + "/adjustments")).Code);
    }
}

public sealed class FreezeBillingRunOnSqliteTests(SqliteServer server) : FreezeBillingRunTests(server), IClassFixture<SqliteServer>;

public sealed class FreezeBillingRunOnPostgresTests(PostgresServer server) : FreezeBillingRunTests(server), IClassFixture<PostgresServer>;
