using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Public;
using MeterSync.Modules.Settings.Store;
using MeterSync.Tests.Host.Limits;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace MeterSync.Tests.Modules.Settings;

/// <summary>Each test leaves the settings as it found them: one row serves them all.</summary>
public abstract class SettingsTests(ServerFixture server) : IAsyncLifetime
{
    private const string Path = "/api/v1/settings";
    private readonly HttpClient http = LimitedSettings.From(server);
    private ApiClient admin = null!;

    public async ValueTask InitializeAsync() => admin = await ApiClient.SignInAsync(http, "admin", "admin123");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await admin.PutAsync(Path, """{"organisation":null,"time_zone":null,"currency":null,"language":null,"limits":null}""");
        http.Dispose();
    }

    [Fact]
    public async Task The_configuration_gives_what_nobody_has_set_and_null_brings_it_back()
    {
        var before = (await admin.GetAsync(Path)).Data;
        Assert.Equal(("Pacific/Auckland", "NZD", "en", "Old Mill", 600), ((string?)before["time_zone"], (string?)before["currency"], (string?)before["language"], (string?)before["organisation"]!["name"], (int?)before["limits"]!["user_per_minute"]));
        Assert.Null(before["overrides"]!["time_zone"]);

        var set = (await admin.PutAsync(Path, new { time_zone = "Europe/Kyiv", currency = "UAH", language = "uk", organisation = new { name = " Вода ", contact_email = "office@example.com" }, limits = new { user_per_minute = 700 } })).Data;
        Assert.Equal(("Europe/Kyiv", "UAH", "uk", "Вода", "office@example.com", 700), ((string?)set["time_zone"], (string?)set["currency"], (string?)set["language"], (string?)set["organisation"]!["name"], (string?)set["organisation"]!["contact_email"], (int?)set["limits"]!["user_per_minute"]));
        Assert.Equal("Europe/Kyiv", (string?)set["overrides"]!["time_zone"]);
        Assert.Equal(set.ToJsonString(), (await admin.GetAsync(Path)).Data.ToJsonString());

        var back = (await admin.PutAsync(Path, """{"time_zone":null,"organisation":{"name":null}}""")).Data;
        Assert.Equal(("Pacific/Auckland", "UAH", "Old Mill", "office@example.com"), ((string?)back["time_zone"], (string?)back["currency"], (string?)back["organisation"]!["name"], (string?)back["organisation"]!["contact_email"]));
    }

    [Fact]
    public async Task A_lost_update_is_refused_and_nothing_to_change_changes_no_version()
    {
        var read = await admin.GetAsync(Path);
        var changed = await admin.PutAsync(Path, new { currency = "CHF" }, headers => headers.Add("If-Match", read.ETag));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(read.ETag, changed.ETag);
        var lost = await admin.PutAsync(Path, new { currency = "GBP" }, headers => headers.Add("If-Match", read.ETag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "resource.lost_update"), (lost.Status, lost.Code));
        Assert.Equal(changed.ETag, (await admin.PutAsync(Path, new { currency = "CHF" })).ETag);
        Assert.Equal(changed.ETag, (await admin.PutAsync(Path, "{}")).ETag);
    }

    [Fact]
    public async Task A_change_is_audited_with_what_was_before()
    {
        await admin.PutAsync(Path, new { language = "de-AT", limits = new { blocked_addresses = new[] { "203.0.113.7", "2001:db8::/32" } } });
        var entries = (await admin.GetAsync("/api/v1/audit-logs?entity_type=settings&limit=100")).Data["items"]!.AsArray();
        var audit = Assert.Single(entries, entry => entry!["new_data"]!.ToJsonString().Contains("de-AT", StringComparison.Ordinal))!;
        var (old, now) = (audit["old_data"]!, audit["new_data"]!);
        Assert.Equal((null, "de-AT", "203.0.113.7, 2001:db8::/32", "Demo administrator"), ((string?)old["language"], (string?)now["language"], (string?)now["blocked_addresses"], (string?)audit["actor"]));
    }

    [Theory]
    [InlineData("""{"time_zone":"Europe/Atlantis"}""", "time_zone")]
    [InlineData("""{"time_zone":"UTC+3"}""", "time_zone")]
    [InlineData("""{"time_zone":""}""", "time_zone")]
    [InlineData("""{"currency":"EURO"}""", "currency")]
    [InlineData("""{"currency":"eur"}""", "currency")]
    [InlineData("""{"currency":"XXX"}""", "currency")]
    [InlineData("""{"language":"deutsch!"}""", "language")]
    [InlineData("""{"language":"e"}""", "language")]
    [InlineData("""{"organisation":{"contact_email":"office"}}""", "organisation.contact_email")]
    [InlineData("""{"organisation":{"contact_email":"Office <office@example.com>"}}""", "organisation.contact_email")]
    [InlineData("""{"organisation":{"name":"a\u0007b"}}""", "organisation.name")]
    [InlineData("""{"limits":{"user_per_minute":-1}}""", "limits.user_per_minute")]
    [InlineData("""{"limits":{"user_per_minute":1000001}}""", "limits.user_per_minute")]
    [InlineData("""{"limits":{"sign_in_window_minutes":0}}""", "limits.sign_in_window_minutes")]
    [InlineData("""{"limits":{"blocked_addresses":["10.0.0.0/8","10.0.0.300"]}}""", "limits.blocked_addresses")]
    [InlineData("""{"limits":{"blocked_addresses":[null]}}""", "limits.blocked_addresses")]
    [InlineData("""{"limits":{"anonymous_per_minute":"many"}}""", "limits.anonymous_per_minute")]
    public async Task A_value_that_cannot_be_is_named(string body, string field)
    {
        var before = await admin.GetAsync(Path);
        var answer = await admin.PutAsync(Path, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([field], answer.Body["error"]!["details"]!.AsObject().Select(detail => detail.Key));
        Assert.Equal(before.ETag, (await admin.GetAsync(Path)).ETag);
    }

    [Fact]
    public async Task Everybody_signed_in_reads_and_the_administrator_alone_writes()
    {
        await admin.PutAsync(Path, new { limits = new { blocked_addresses = new[] { "203.0.113.0/24" } } });
        Assert.Equal("203.0.113.0/24", (string?)(await admin.GetAsync(Path)).Data["limits"]!["blocked_addresses"]![0]);
        foreach (var name in new[] { "manager", "agent1", "viewer" })
        {
            using var other = LimitedSettings.From(server);
            var client = await ApiClient.SignInAsync(other, name, "admin123");
            var read = await client.GetAsync(Path);
            Assert.Equal((HttpStatusCode.OK, null), (read.Status, read.Data["limits"]!["blocked_addresses"]));
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PutAsync(Path, new { currency = "EUR" })).Status);
        }

        using var anonymous = LimitedSettings.From(server);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(anonymous).GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Limits_and_the_block_list_take_effect_at_once()
    {
        using var other = LimitedSettings.From(server);
        var client = await ApiClient.SignInAsync(other, "agent2", "admin123");
        await admin.PutAsync(Path, new { limits = new { user_per_minute = 3, blocked_addresses = new[] { "198.51.100.0/24" } } });
        var seen = new List<HttpStatusCode>();
        for (var sent = 0; sent < 4; sent++)
        {
            seen.Add((await client.GetAsync("/api/v1/auth/me")).Status);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], seen);
        using var blocked = LimitedSettings.From(server, "198.51.100.9");
        Assert.Equal(HttpStatusCode.Forbidden, (await new ApiClient(blocked).GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync(Path, """{"limits":null}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/auth/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await new ApiClient(blocked).GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task An_administrator_cannot_lock_himself_out()
    {
        var own = http.DefaultRequestHeaders.GetValues("X-Forwarded-For").Single();
        var answer = await admin.PutAsync(Path, new { limits = new { blocked_addresses = new[] { "203.0.113.7", $"{own}/16" } } });
        Assert.Equal((HttpStatusCode.BadRequest, true), (answer.Status, answer.Message!.Contains(own, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_new_time_zone_moves_the_days_of_new_periods_and_no_frozen_run()
    {
        var scene = new BillingScene(server);
        var register = await scene.AddMeterAsync("A");
        await scene.AddValueAsync(register, BillingScene.Day(2, 1), 100);
        await scene.AddValueAsync(register, BillingScene.Day(3, 15), 150, consumption: 50);
        await admin.PutAsync(Path, new { time_zone = "Europe/Berlin" });
        var accepted = await admin.PostAsync("/api/v1/billing-runs", new { name = "March", period_from = "2026-03-01", period_to = "2026-04-01", location_id = scene.Location });
        var job = await admin.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        var run = $"/api/v1/billing-runs/{(string?)job["result"]!["billing_run_id"]}";
        var frozen = (await admin.GetAsync(run)).Data.ToJsonString();
        var lines = (await admin.GetAsync($"{run}/lines")).Data.ToJsonString();
        Assert.Contains("2026-02-28T23:00:00Z", frozen, StringComparison.Ordinal);

        await admin.PutAsync(Path, new { time_zone = "America/Chicago" });
        Assert.Equal((frozen, lines), ((await admin.GetAsync(run)).Data.ToJsonString(), (await admin.GetAsync($"{run}/lines")).Data.ToJsonString()));
        Assert.Equal(0, (int?)(await admin.GetAsync($"{run}/adjustments")).Data["total"]);
        var overlap = await admin.PostAsync("/api/v1/billing-runs", new { name = "March again", period_from = "2026-03-01", period_to = "2026-04-01", location_id = scene.Location });
        Assert.Equal((HttpStatusCode.Conflict, true), (overlap.Status, overlap.Message!.Contains("2026-02-28T23:00:00Z", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_another_process_has_set_is_found_at_the_next_look_and_nothing_older_takes_its_place()
    {
        await MeterRows.WithDbAsync(server, async (db, _) =>
        {
            var row = await db.Set<StoredSettings>().SingleAsync();
            row.TimeZone = "Asia/Tokyo";
            await db.SaveChangesAsync();
            return row;
        });
        var current = server.Services.GetRequiredService<IOrganisationSettings>();
        await server.Services.GetServices<IHostedService>().OfType<SettingsRefresh>().Single().LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Asia/Tokyo", current.Current.Zone.Id);
        server.Services.GetRequiredService<CurrentSettings>().Apply(new StoredSettings { Version = 1, TimeZone = "Europe/Paris" });
        Assert.Equal("Asia/Tokyo", current.Current.Zone.Id);
    }
}

public sealed class SetUpSqlite : LimitedSqlite
{
    protected override Dictionary<string, string?> Settings => OrganisationSettings.With(base.Settings);
}

public sealed class SetUpPostgres : LimitedPostgres
{
    protected override Dictionary<string, string?> Settings => OrganisationSettings.With(base.Settings);
}

internal static class OrganisationSettings
{
    public static Dictionary<string, string?> With(Dictionary<string, string?> settings) =>
        new(settings) { ["Organisation:Name"] = "Old Mill", ["Organisation:TimeZone"] = "Pacific/Auckland", ["Organisation:Currency"] = "NZD" };
}

public sealed class SettingsOnSqliteTests(SetUpSqlite server) : SettingsTests(server), IClassFixture<SetUpSqlite>;

public sealed class SettingsOnPostgresTests(SetUpPostgres server) : SettingsTests(server), IClassFixture<SetUpPostgres>;
