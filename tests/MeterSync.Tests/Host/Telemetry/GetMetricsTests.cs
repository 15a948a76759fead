using System.Net;
using System.Text;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Telemetry;

public abstract class GetMetricsTests(ServerFixture server)
{
    private const string Requests = "http_server_request_duration_seconds_count";

    [Theory]
    [InlineData("manager")]
    [InlineData("agent1")]
    [InlineData("viewer")]
    public async Task Other_roles_may_not_look(string username)
    {
        var client = await server.SignInAsync(username);
        foreach (var path in (string[])["/metrics", "/detailed"])
        {
            var answer = await client.GetAsync(path);
            Assert.Equal((HttpStatusCode.Forbidden, "auth.forbidden"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task Nobody_looks_without_a_token()
    {
        using var http = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/detailed")).StatusCode);
    }

    [Fact]
    public async Task The_administrator_gets_text_that_Prometheus_reads()
    {
        var client = await server.SignInAsync("admin");
        using var answer = await client.Http.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var text = ExpositionText.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("histogram", text.Types["http_server_request_duration_seconds"]);
        Assert.Equal("gauge", text.Types["http_server_active_requests"]);
        Assert.Equal("counter", text.Types["dotnet_gc_collections_total"]);
        Assert.Equal("gauge", text.Types["dotnet_thread_pool_threads"]);
        Assert.Equal("gauge", text.Types["dotnet_thread_pool_queue_length"]);
        Assert.Equal("gauge", text.Types["dotnet_process_memory_working_set_bytes"]);
        Assert.Equal(1, text.Total("metersync_build_info"));
        Assert.Equal(10, text.Total("metersync_dependency_healthy"));
        Assert.Single(text.Matching("metersync_jobs_waiting"));
        Assert.True(text.Total("process_start_time_seconds") > 1_700_000_000);
        Assert.True(server is SqliteServer || text.Types["db_client_connections"] == "gauge");
        Assert.Equal([], text.Types.Keys.Where(name => name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Requests_are_counted_by_route_method_and_status()
    {
        var client = await server.SignInAsync("admin");
        var before = await ScrapeAsync(client);
        var id = Guid.CreateVersion7();
        for (var count = 0; count < 3; count++)
        {
            await client.GetAsync($"/api/v1/meters/{id}");
        }

        await client.GetAsync("/api/v1/meters?limit=1");
        var after = await ScrapeAsync(client);

        Assert.Equal(3, Grown(Requests, ("http_route", "/api/v1/meters/{id:guid}"), ("http_request_method", "GET"), ("http_response_status_code", "404")));
        Assert.Equal(1, Grown(Requests, ("http_route", "/api/v1/meters"), ("http_request_method", "GET"), ("http_response_status_code", "200")));
        Assert.Equal(4, Grown("http_server_request_duration_seconds_bucket", ("le", "+Inf")) - Grown("http_server_request_duration_seconds_bucket", ("le", "+Inf"), ("http_route", "/metrics")));

        double Grown(string name, params (string, string)[] labels) => after.Total(name, labels) - before.Total(name, labels);
    }

    [Fact]
    public async Task Addresses_that_do_not_exist_share_one_line_and_leave_no_trace()
    {
        var client = await server.SignInAsync("admin");
        var before = await ScrapeAsync(client);
        for (var number = 0; number < 50; number++)
        {
            using var request = new HttpRequestMessage(new HttpMethod($"HOSTILE{number}"), $"/hostile-{number}/%22%7D%20%0Afake_total%7Bx=%22/{{id}}?token=hostile-secret");
            await client.Http.SendAsync(request);
        }

        var after = await ScrapeTextAsync(client);
        Assert.DoesNotContain("hostile", after, StringComparison.OrdinalIgnoreCase);
        var lost = ExpositionText.Parse(after).Matching(Requests, ("http_route", "unmatched"), ("http_request_method", "_OTHER")).ToList();
        Assert.Equal(50, lost.Sum(sample => sample.Value) - before.Total(Requests, ("http_route", "unmatched"), ("http_request_method", "_OTHER")));
        Assert.InRange(lost.Count, 1, 2);
    }

    [Fact]
    public async Task No_secret_no_name_and_no_path_of_the_machine_is_told()
    {
        var client = await server.SignInAsync("admin");
        var token = client.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        await client.GetAsync("/api/v1/meters?search=" + token[..40]);
        await client.PostAsync("/api/v1/auth/login", new { username = "nobody-special", password = "hunter2" });
        var text = await ScrapeTextAsync(client);

        foreach (var secret in (string[])[token[..40], "hunter2", "nobody-special", "admin@example.com", "127.0.0.1", "Password", "Username", server.Data.Path, "metersync_test_"])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Readings_holds_decisions_and_imports_are_counted()
    {
        var client = await server.SignInAsync("admin");
        var before = await ScrapeAsync(client);
        var serial = $"MT-{Guid.CreateVersion7():n}"[..20];
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/v1/meters", new { serial_number = serial, meter_type = "electric", registers = new[] { new { digits = 5 } } })).Status);
        var clientId = Guid.CreateVersion7();
        var good = new { serial_number = serial, reading_value = 100, reading_timestamp = "2026-01-01T00:00:00Z", client_id = clientId };
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/v1/readings", good)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/v1/readings", good)).Status);
        var held = await client.PostAsync("/api/v1/readings", new { serial_number = serial, reading_value = 50, reading_timestamp = "2026-02-01T00:00:00Z" });
        Assert.Equal("held", (string?)held.Data["state"]);
        var rule = (string)held.Data["values"]![0]!["verdict"]!["findings"]!.AsArray().First(finding => (string?)finding!["effect"] == "hold")!["rule"]!;
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/readings/{(string?)held.Data["id"]}/reject", new { reason = "wrong meter" })).Status);
        Assert.NotEqual(HttpStatusCode.Created, (await client.PostAsync("/api/v1/readings", new { serial_number = "no such meter", reading_value = 1 })).Status);
        var job = await client.RunFileJobAsync("/api/v1/readings/import", "r.csv", Encoding.UTF8.GetBytes($"serial_number,reading_value,reading_timestamp\n{serial},120,2026-03-01T00:00:00Z\n"));
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        SignInMetrics.Count(SignInOutcome.WrongCredentials);
        var after = await ScrapeAsync(client);

        Assert.True(Grown("metersync_reading_values_total", ("source", "manual"), ("outcome", "accepted")) >= 1);
        Assert.True(Grown("metersync_reading_values_total", ("source", "manual"), ("outcome", "duplicate")) >= 1);
        Assert.True(Grown("metersync_reading_values_total", ("source", "manual"), ("outcome", "held")) >= 1);
        Assert.True(Grown("metersync_reading_values_total", ("source", "manual"), ("outcome", "refused")) >= 1);
        Assert.True(Grown("metersync_reading_values_total", ("source", "import"), ("outcome", "accepted")) >= 1);
        Assert.True(Grown("metersync_vee_holds_total", ("rule", rule)) >= 1);
        Assert.True(Grown("metersync_reading_decisions_total", ("decision", "rejected")) >= 1);
        Assert.True(Grown("metersync_job_duration_seconds_count", ("kind", (string)job["kind"]!), ("outcome", "completed")) >= 1);
        Assert.True(Grown("metersync_sign_ins_total", ("outcome", "wrong_credentials")) >= 1);

        double Grown(string name, params (string, string)[] labels) => after.Total(name, labels) - before.Total(name, labels);
    }

    [Fact]
    public async Task HEAD_and_compression_work()
    {
        var client = await server.SignInAsync("admin");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await client.Http.SendAsync(request);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal(HttpStatusCode.OK, (await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"))).StatusCode);
    }

    private static async Task<string> ScrapeTextAsync(ApiClient client) => await client.Http.GetStringAsync("/metrics");

    private static async Task<ExpositionText> ScrapeAsync(ApiClient client) => ExpositionText.Parse(await ScrapeTextAsync(client));
}

public sealed class GetMetricsOnSqliteTests(SqliteServer server) : GetMetricsTests(server), IClassFixture<SqliteServer>;

public sealed class GetMetricsOnPostgresTests(PostgresServer server) : GetMetricsTests(server), IClassFixture<PostgresServer>;
