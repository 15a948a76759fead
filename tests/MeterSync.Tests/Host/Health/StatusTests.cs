using System.Net;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Health;

public abstract class StatusTests(ServerFixture server)
{
    [Fact]
    public async Task Anybody_may_ask_the_status_and_learns_nothing_of_the_inside()
    {
        using var http = server.Anonymous();
        var answer = await new ApiClient(http).GetAsync("/status");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["status", "version", "uptime_seconds", "server_time"], answer.Data.AsObject().Select(member => member.Key));
        Assert.Equal("healthy", (string?)answer.Data["status"]);
        Assert.True(DateTimeOffset.TryParse((string?)answer.Data["server_time"], out _));
    }

    [Fact]
    public async Task Asked_often_the_status_costs_no_query()
    {
        using var http = server.Anonymous();
        var client = new ApiClient(http);
        await client.GetAsync("/status");
        using var count = await QueryCount.StartAsync(server is PostgresServer postgres ? new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString).Database! : server.Data.Path);
        for (var asked = 0; asked < 100; asked++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/status")).Status);
        }

        // On a slow machine a hundred answers may take longer than one look lasts.
        Assert.InRange(count.Statements.Count, 0, 2);
    }

    [Fact]
    public async Task The_administrator_is_told_everything()
    {
        var client = await server.SignInAsync("admin");
        var answer = await client.GetAsync("/detailed");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        var data = answer.Data;

        Assert.Equal("healthy", (string?)data["status"]);
        Assert.Equal(["audit", "database", "disk", "overdue", "photos", "positions", "schema", "storage", "uploads", "vision"], data["dependencies"]!.AsObject().Select(member => member.Key));
        Assert.Equal("all", (string?)data["roles"]![0]);
        Assert.Equal(server.Provider == StoreProvider.Postgres ? "postgres" : "sqlite", (string?)data["database"]!["provider"]);
        Assert.True((long)data["database"]!["size_bytes"]! > 0);
        Assert.Equal(server.Provider == StoreProvider.Postgres, data["database"]!["pool"] is not null);
        Assert.Equal(1, (int)data["database"]!["migrations"]![0]!["number"]!);
        Assert.Equal((0, 0), ((int)data["jobs"]!["waiting"]!, (int)data["jobs"]!["running"]!));
        Assert.True((long)data["disk"]!["free_bytes"]! > 0);
        Assert.Equal(Environment.ProcessId, (int)data["process"]!["id"]!);
        Assert.True((long)data["process"]!["memory"]!["working_set_bytes"]! > 0);
        Assert.Equal(GC.MaxGeneration + 1, data["process"]!["garbage"]!["collections"]!.AsArray().Count);
        Assert.True((int)data["process"]!["thread_pool"]!["threads"]! > 0);
        Assert.DoesNotContain(server.Data.Path, answer.Body.ToJsonString(), StringComparison.Ordinal);
    }
}

public sealed class StatusOnSqliteTests(SqliteServer server) : StatusTests(server), IClassFixture<SqliteServer>;

public sealed class StatusOnPostgresTests(PostgresServer server) : StatusTests(server), IClassFixture<PostgresServer>
{
    [Fact]
    public async Task While_the_database_is_away_the_rest_is_told()
    {
        var own = new OutagePostgres();
        await using var stopping = own;
        await own.InitializeAsync();
        var client = await own.SignInAsync("admin");
        await own.AdministerAsync("alter database {0} allow_connections false");
        await own.AdministerAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'");
        try
        {
            var answer = await client.GetAsync("/detailed");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Equal("unhealthy", (string?)answer.Data["status"]);
            Assert.Null(answer.Data["database"]!["size_bytes"]);
            Assert.Null(answer.Data["jobs"]);
            Assert.True((long)answer.Data["process"]!["memory"]!["heap_bytes"]! > 0);
            var status = await client.GetAsync("/status");
            Assert.Equal((HttpStatusCode.OK, "unhealthy"), (status.Status, (string?)status.Data["status"]));
            var text = Telemetry.ExpositionText.Parse(await client.Http.GetStringAsync("/metrics"));
            Assert.Equal(0, text.Total("metersync_dependency_healthy", ("dependency", "database")));
            Assert.Empty(text.Matching("metersync_jobs_waiting"));
        }
        finally
        {
            await own.AdministerAsync("alter database {0} allow_connections true");
        }
    }
}
