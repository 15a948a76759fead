using System.Net;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Tests.Host.Telemetry;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

public abstract class WorkMetricsTests(ServerFixture server, TestClock clock)
{
    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Work_skips_decisions_positions_and_estimates_are_counted()
    {
        var admin = await server.SignInAsync("admin");
        var manager = await server.SignInAsync("manager");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (_, other) = await server.MakeAgentAsync(admin);
        var place = WorkCalls.NewName("count");
        var meters = await admin.MakeMetersAsync(6, place);
        var before = await ScrapeAsync(admin);

        var cycle = $"/api/v1/read-cycles/{(await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = Day(-10), window_to = Day(10), location_id = place })).Data["id"]}";
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync(cycle + "/open")).Status);
        await admin.PostAsync("/api/v1/assignments/bulk", new { meter_ids = meters.Take(5), agent_id = id });
        (await admin.PostAsync("/api/v1/assignments", new { meter_id = meters[0], agent_id = other })).Refused(HttpStatusCode.Conflict, "assignment.meter_taken");
        var work = (await admin.GetAsync($"/api/v1/assignments/agent/{id}")).Items();
        await admin.PutAsync($"/api/v1/assignments/{work[4]["id"]}", new { agent_id = other });
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/readings", new { meter_id = meters[0], reading_value = 10 })).Status);
        Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync("/api/v1/skips", new { meter_id = meters[1], code = "vacant" })).Status);
        await admin.PutAsync($"/api/v1/assignments/{work[2]["id"]}", new { due_at = TimeProvider.System.GetUtcNow().AddMinutes(-1) });
        await server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        var made = await agent.PostAsync("/api/v1/approvals", new { meter_id = meters[3], meter_data = new { address = "9a Mill Lane" } });
        await admin.PatchAsync($"/api/v1/meters/{meters[3]}", new { address = "11 Mill Lane" });
        (await manager.PutAsync($"/api/v1/approvals/{made.Data["id"]}/approve")).Refused(HttpStatusCode.Conflict, "approval.meter_changed");
        await manager.PutAsync($"/api/v1/approvals/{made.Data["id"]}/reject", new { review_notes = "It moved on" });
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        foreach (var (seconds, latitude) in new[] { (0, 51.5), (5, 51.50001), (10, 53.0), (-60, 51.5) })
        {
            await agent.PutAsync("/api/v1/agents/me/location", new { latitude, longitude = -0.1, timestamp = at.AddSeconds(seconds) });
        }

        var now = await ScrapeAsync(admin);
        Assert.Equal(2, now.Total("metersync_assignments", ("status", "pending")));
        Assert.Equal(1, now.Total("metersync_assignments", ("status", "overdue")));
        Assert.Equal(0, now.Total("metersync_assignments", ("status", "in_progress")));
        Assert.True(now.Total("metersync_overdue_last_pass_seconds") >= TimeProvider.System.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds());
        Assert.True(now.Total("metersync_outbox_waiting") - before.Total("metersync_outbox_waiting") >= 6);
        Assert.True(now.Total("metersync_outbox_oldest_age_seconds") >= 0);

        var closing = await admin.PostAsync(cycle + "/close", new { missed = "estimate" });
        Assert.Equal("completed", (string?)(await admin.WaitForJobAsync($"{cycle}/close/{closing.Data["id"]}"))["status"]);
        var after = await ScrapeAsync(admin);
        Assert.Equal(0, after.Total("metersync_assignments"));
        Grew(5, "metersync_assignment_changes_total", ("change", "given"));
        Grew(1, "metersync_assignment_changes_total", ("change", "moved"));
        Grew(2, "metersync_assignment_changes_total", ("change", "completed"));
        Grew(1, "metersync_assignment_changes_total", ("change", "overdue"));
        Grew(3, "metersync_assignment_changes_total", ("change", "cancelled"));
        Grew(1, "metersync_skips_total", ("code", "vacant"));
        Grew(1, "metersync_approvals_total", ("kind", "meter_change"), ("outcome", "requested"));
        Grew(1, "metersync_approvals_total", ("kind", "meter_change"), ("outcome", "stale"));
        Grew(1, "metersync_approvals_total", ("kind", "meter_change"), ("outcome", "rejected"));
        Grew(1, "metersync_positions_total", ("outcome", "kept"));
        Grew(1, "metersync_positions_total", ("outcome", "thinned"));
        Grew(1, "metersync_positions_total", ("outcome", "refused"));
        Grew(1, "metersync_positions_total", ("outcome", "late"));
        Grew(1, "metersync_estimates_total", ("outcome", "impossible"));
        Grew(1, "metersync_job_duration_seconds_count", ("kind", "cycle.close"), ("outcome", "completed"));

        // Counters are the process's, in which other servers are tested at the same time.
        void Grew(int by, string name, params (string, string)[] labels) => Assert.True(after.Total(name, labels) - before.Total(name, labels) >= by, $"{name} {string.Join(' ', labels)}: {before.Total(name, labels)} {after.Total(name, labels)}");
    }

    [Fact]
    public async Task A_pass_over_due_work_that_does_not_run_shows_and_takes_no_request_away()
    {
        var admin = await server.SignInAsync("admin");
        var pass = server.Services.GetRequiredService<OverdueWork>();
        await pass.PassAsync(CancellationToken.None);
        Assert.Equal("healthy", (string?)(await admin.GetAsync("/health")).Data["dependencies"]!["overdue"]!["status"]);
        clock.Advance(TimeSpan.FromMinutes(6));
        var health = await admin.GetAsync("/health");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (health.Status, (string?)health.Data["dependencies"]!["overdue"]!["status"]));
        Assert.Contains("6 minutes", (string?)health.Data["dependencies"]!["overdue"]!["message"], StringComparison.Ordinal);
        var ready = await admin.GetAsync("/health/ready");
        Assert.Equal((HttpStatusCode.OK, false), (ready.Status, ready.Data["dependencies"]!.AsObject().ContainsKey("overdue")));
        await pass.PassAsync(CancellationToken.None);
        Assert.Equal("healthy", (string?)(await admin.GetAsync("/health")).Data["dependencies"]!["overdue"]!["status"]);
    }

    /// <summary>Gauges from the database are up to fifteen seconds old: here they are looked at anew.</summary>
    private async Task<ExpositionText> ScrapeAsync(ApiClient client)
    {
        await client.Http.GetStringAsync("/metrics");
        await Task.WhenAll(server.Services.GetServices<IGaugeSource>().Select(source => source.RefreshAsync(CancellationToken.None)));
        return ExpositionText.Parse(await client.Http.GetStringAsync("/metrics"));
    }
}

public sealed class WorkMetricsOnSqliteTests(WatchedSqlite server) : WorkMetricsTests(server, server.Clock), IClassFixture<WatchedSqlite>;

public sealed class WorkMetricsOnPostgresTests(WatchedPostgres server) : WorkMetricsTests(server, server.Clock), IClassFixture<WatchedPostgres>;

public sealed class PositionOutageTests(WatchedSqlite server) : IClassFixture<WatchedSqlite>
{
    [Fact]
    public async Task Positions_that_cannot_be_stored_wait_and_show_until_they_are()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        await using (var other = new SqliteConnection($"Data Source={server.Data.DatabaseFile};Pooling=false"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "begin immediate";
            await command.ExecuteNonQueryAsync();
            Assert.True((bool)(await agent.PutAsync("/api/v1/agents/me/location", new { latitude = 51.5, longitude = -0.1 })).Data["stored"]!);
            Assert.Equal("healthy", await HealthAsync(admin));
            server.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal("unhealthy", await HealthAsync(admin));
            Assert.Equal(1, ExpositionText.Parse(await admin.Http.GetStringAsync("/metrics")).Total("metersync_positions_waiting"));
            command.CommandText = "rollback";
            await command.ExecuteNonQueryAsync();
        }

        for (var look = 0; look < 300 && await HealthAsync(admin) != "healthy"; look++)
        {
            await Task.Delay(100);
        }

        Assert.Equal("healthy", await HealthAsync(admin));
        Assert.Equal(0, ExpositionText.Parse(await admin.Http.GetStringAsync("/metrics")).Total("metersync_positions_waiting"));
        Assert.Equal(51.5, (double)(await admin.GetAsync($"/api/v1/agents/{id}")).Data["location"]!["latitude"]!);
    }

    private static async Task<string?> HealthAsync(ApiClient client) => (string?)(await client.GetAsync("/health")).Data["dependencies"]!["positions"]!["status"];
}

/// <summary>Positions are kept at any time of the day, a write waits for five seconds, and the clock can be moved on.</summary>
public sealed class WatchedSqlite : SqliteServer
{
    public TestClock Clock { get; } = new();

    internal static Dictionary<string, string?> Around(Dictionary<string, string?> settings) =>
        new(settings) { ["Database:WaitSeconds"] = "5", ["Logging:LogLevel:Default"] = "None", ["Workforce:WorkStart"] = "00:00", ["Workforce:WorkEnd"] = "00:00" };

    protected override Dictionary<string, string?> Settings => Around(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

public sealed class WatchedPostgres : PostgresServer
{
    public TestClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => WatchedSqlite.Around(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}
