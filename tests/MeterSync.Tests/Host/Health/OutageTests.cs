using System.Net;
using System.Text.Json;
using Dapper;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Host.Health;

/// <summary>The database goes away under a running server and comes back: callers are told to wait, nothing is lost, nobody restarts anything.</summary>
public sealed class SqliteOutageTests(OutageSqlite server) : IClassFixture<OutageSqlite>
{
    [Fact]
    public async Task A_locked_database_answers_503_within_the_wait_and_serves_again_when_free()
    {
        var client = await server.SignInAsync("admin");
        await using (var other = server.Open())
        {
            await other.ExecuteAsync("begin immediate");
            var refused = await Outages.WriteAsync(client);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "server.unavailable", true), (refused.Status, refused.Code, refused.RetryAfter > TimeSpan.Zero));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/users")).Status);
            await other.ExecuteAsync("rollback");
        }

        Assert.Equal(HttpStatusCode.Created, (await Outages.WriteAsync(client)).Status);
    }

    [Fact]
    public async Task A_full_database_answers_503_and_serves_again_when_there_is_room()
    {
        var client = await server.SignInAsync("admin");
        server.LimitPages(1);
        ApiAnswer refused;
        var writes = 0;
        do
        {
            refused = await Outages.WriteAsync(client);
        }
        while (refused.Status == HttpStatusCode.Created && ++writes < 500);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "server.unavailable", true), (refused.Status, refused.Code, refused.RetryAfter > TimeSpan.Zero));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/users")).Status);
        server.LimitPages(1_000_000);
        Assert.Equal(HttpStatusCode.Created, (await Outages.WriteAsync(client)).Status);
    }

    [Fact]
    public async Task A_job_queued_before_a_lock_is_done_after_it()
    {
        var id = await Outages.EnqueueAsync(server);
        await using (var other = server.Open())
        {
            await other.ExecuteAsync("begin immediate");
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            await other.ExecuteAsync("rollback");
        }

        await Outages.WaitForJobAsync(server, id);
        await Outages.WaitForJobAsync(server, await Outages.EnqueueAsync(server));
    }
}

public sealed class PostgresOutageTests(OutagePostgres server) : IClassFixture<OutagePostgres>
{
    [Fact]
    public async Task Killed_connections_are_replaced()
    {
        var client = await server.SignInAsync("admin");
        for (var round = 0; round < 3; round++)
        {
            await server.AdministerAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'");
            await Outages.UntilAsync(async () => (await Outages.WriteAsync(client)).Status, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable);
        }
    }

    [Fact]
    public async Task A_closed_database_answers_503_health_says_so_and_all_serve_again_when_it_opens()
    {
        var client = await server.SignInAsync("admin");
        var queued = await Outages.EnqueueAsync(server);
        await server.AdministerAsync("alter database {0} allow_connections false");
        try
        {
            await server.AdministerAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'");
            foreach (var attempt in new[] { 1, 2 })
            {
                var refused = await Outages.WriteAsync(client);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "server.unavailable", true), (refused.Status, refused.Code, refused.RetryAfter > TimeSpan.Zero));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/api/v1/users")).Status);
            }

            var health = await client.GetAsync("/health");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy", "unhealthy"), (health.Status, (string?)health.Data["status"], (string?)health.Data["dependencies"]!["database"]!["status"]));
            Assert.Contains("Cannot be reached", (string?)health.Data["dependencies"]!["database"]!["message"], StringComparison.Ordinal);
            Assert.Equal("healthy", (string?)health.Data["dependencies"]!["disk"]!["status"]);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).Status);
            await Task.Delay(TimeSpan.FromSeconds(3));
        }
        finally
        {
            await server.AdministerAsync("alter database {0} allow_connections true");
        }

        await Outages.UntilAsync(async () => (await Outages.WriteAsync(client)).Status, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).Status);
        await Outages.WaitForJobAsync(server, queued);
        await Outages.WaitForJobAsync(server, await Outages.EnqueueAsync(server));
    }
}

internal static class Outages
{
    private static int number;

    public static Task<ApiAnswer> WriteAsync(ApiClient client)
    {
        var name = $"outage{Interlocked.Increment(ref number)}";
        return client.PostAsync("/api/v1/users", new { email = name + "@example.com", username = name, name = new string('n', 200), role = "viewer", password = "correct-horse" });
    }

    /// <summary>Asks until wanted; in between only what is allowed may come.</summary>
    public static async Task UntilAsync(Func<Task<HttpStatusCode>> ask, HttpStatusCode wanted, HttpStatusCode allowed)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var status = await ask();
            if (status == wanted)
            {
                return;
            }

            Assert.Equal(allowed, status);
            await Task.Delay(100);
        }

        Assert.Fail($"Never answered {wanted}.");
    }

    public static async Task<JobId> EnqueueAsync(ServerFixture server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = new Caller(null, "test", BuiltInRole.Admin, DataScope.All, []);
        var job = await scope.ServiceProvider.GetRequiredService<IJobQueue>().EnqueueAsync(CountingJob.JobKind, JsonSerializer.SerializeToElement(new { }), null, CancellationToken.None);
        return new JobId(job.Id);
    }

    public static async Task WaitForJobAsync(ServerFixture server, JobId id)
    {
        for (var look = 0; look < 1000; look++)
        {
            await using var scope = server.Services.CreateAsyncScope();
            var job = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().FindAsync<Job>(id);
            if (job!.Status is JobStatus.Completed)
            {
                return;
            }

            Assert.True(job.Status is JobStatus.Queued or JobStatus.Running, job.Message);
            await Task.Delay(50);
        }

        Assert.Fail("The job is not done.");
    }
}

/// <summary>A job that writes, as any job does.</summary>
internal sealed class CountingJob(MeterSyncDb db) : IJobHandler
{
    public const string JobKind = "test.counting";

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        run.Report(50, "half");
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync(db.Database, "update users set is_demo = is_demo", cancellationToken);
        return new JobResult("Done.", null);
    }
}

public sealed class OutageSqlite : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Database:WaitSeconds"] = "1", ["Logging:LogLevel:Default"] = "None" };

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Data.DatabaseFile};Pooling=false");
        connection.Open();
        return connection;
    }

    /// <summary>What a full disk is to SQLite: the file may not grow. The limit is the connection's, so it is set on all the server will find in its pool.</summary>
    /// <param name="pages">SQLite takes the pages the file has where this is fewer.</param>
    public void LimitPages(int pages)
    {
        SqliteConnection.ClearAllPools();
        var text = StoreRegistration.SqliteConnectionString(Data, Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<StoreOptions>>().Value);
        var pooled = Enumerable.Range(0, 8).Select(_ => new SqliteConnection(text)).ToList();
        foreach (var connection in pooled)
        {
            connection.Open();
            connection.Execute($"pragma max_page_count = {pages}");
        }

        pooled.ForEach(connection => connection.Dispose());
    }

    protected override void AdjustServices(IServiceCollection services) => services.AddScoped<IJobHandler, CountingJob>();
}

public sealed class OutagePostgres : PostgresServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Logging:LogLevel:Default"] = "None" };

    public async Task AdministerAsync(string sql)
    {
        var database = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await connection.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, database));
    }

    protected override void AdjustServices(IServiceCollection services) => services.AddScoped<IJobHandler, CountingJob>();
}
