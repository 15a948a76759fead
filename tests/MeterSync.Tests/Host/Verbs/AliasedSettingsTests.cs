using System.Net;
using MeterSync.Tests.Support;
using Npgsql;

namespace MeterSync.Tests.Host.Verbs;

/// <summary>The real program under variables with other programs' names.</summary>
public sealed class AliasedSettingsTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Serve_warns_once_of_each_variable_without_effect_and_doctor_names_them()
    {
        installation.Variables["REDIS_URL"] = "redis://:hunter2@localhost:6379";
        installation.Variables["REDIS_DB"] = "hunter2";
        installation.Variables["DEBUG"] = "express:*";
        installation.Variables["DATABASE_URL"] = "sqlite:///./accuread.db";
        await using (var server = await installation.ServeAsync())
        {
            foreach (var name in (string[])["REDIS_URL", "REDIS_DB", "DEBUG", "DATABASE_URL"])
            {
                Assert.Single(server.Said.Split('\n'), line => line.Contains("\"Warning\"", StringComparison.Ordinal) && line.Contains($"{name} ", StringComparison.Ordinal));
            }

            Assert.DoesNotContain("hunter2", server.Said, StringComparison.Ordinal);
        }

        var doctor = await installation.RunAsync("doctor", "--urls", $"http://127.0.0.1:{Installation.FreePort()}");
        Assert.True(doctor.ExitCode == 0, doctor.All);
        Assert.Contains("REDIS_URL has no effect", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("The variable DATABASE_URL sets Database:Provider.", doctor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", doctor.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATABASE_URL", "mysql://root:hunter2@h/d", "DATABASE_URL")]
    [InlineData("JWT_EXPIRE_MINUTES", "soon", "JWT_EXPIRE_MINUTES")]
    [InlineData("JWT_EXPIRATION_HOURS", "48", "JWT_EXPIRATION_HOURS")]
    [InlineData("SECRET_KEY", "hunter2", "SECRET_KEY")]
    public async Task A_bad_value_refuses_the_start_by_the_name_that_was_given(string name, string value, string named)
    {
        installation.Variables[name] = value;
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}");
        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains(named, Assert.Single(end.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", end.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_are_logged_without_their_values_where_asked_for()
    {
        installation.Variables["DB_ECHO"] = "1";
        await using var server = await installation.ServeAsync();
        using var http = server.Client();
        await new ApiClient(http).PostAsync("/api/v1/auth/login", new { username = "somebody-special", password = "wrong" });
        Assert.Contains("FROM \\u0022users\\u0022", server.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody-special", server.Said, StringComparison.Ordinal);

        var list = await installation.RunAsync("user", "list");
        Assert.True(list.ExitCode == 0, list.All);
        Assert.DoesNotContain("SELECT", list.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_the_PostgreSQL_of_DATABASE_URL_serves_and_its_worker_tells_its_metrics()
    {
        Assert.SkipWhen(PostgresServer.Admin is null, $"{PostgresServer.Variable} is not set.");
        var admin = new NpgsqlConnectionStringBuilder(PostgresServer.Admin);
        var database = "metersync_test_" + Guid.CreateVersion7().ToString("n");
        await ExecuteAsync($"create database {database}");
        try
        {
            installation.Variables["DATABASE_URL"] = $"postgresql+asyncpg://{Uri.EscapeDataString(admin.Username!)}:{Uri.EscapeDataString(admin.Password ?? "")}@{admin.Host}:{admin.Port}/{database}?sslmode=prefer";
            installation.Variables["DB_ECHO"] = "true";
            await using var api = await installation.ServeAsync("--set", "Roles=api");
            var client = await api.SignInAsAdministratorAsync();
            Assert.Equal("postgres", (string?)(await client.GetAsync("/detailed")).Data["database"]!["provider"]);
            Assert.True((long)(await client.GetAsync("/detailed")).Data["process"]!["open_connections"]! > 0);
            Assert.Contains("Command execution completed", api.Said, StringComparison.Ordinal);

            await using var worker = await installation.ServeAsync("--set", "Roles=worker");
            using var scraper = worker.Client();
            Assert.Equal(HttpStatusCode.Unauthorized, (await scraper.GetAsync("/metrics")).StatusCode);
            scraper.DefaultRequestHeaders.Authorization = client.Http.DefaultRequestHeaders.Authorization;
            var text = Telemetry.ExpositionText.Parse(await scraper.GetStringAsync("/metrics"));
            Assert.True(text.Total("kestrel_active_connections") >= 1);
            Assert.True(text.Total("db_client_connections") >= 1);
            Assert.Equal(HttpStatusCode.OK, (await scraper.GetAsync("/status")).StatusCode);
            Assert.Equal("worker", (string?)(await new ApiClient(scraper).GetAsync("/detailed")).Data["roles"]![0]);
            Assert.Equal(HttpStatusCode.NotFound, (await scraper.GetAsync("/api/v1/meters")).StatusCode);
        }
        finally
        {
            await ExecuteAsync($"drop database if exists {database} with (force)");
        }
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
