using System.Net;
using System.Text;
using MeterSync.Tests.Support;
using Npgsql;

namespace MeterSync.Tests.Host.Verbs;

public sealed class SplitRolesTests : IAsyncLifetime
{
    private readonly Installation installation = new();
    private readonly string database = "metersync_test_" + Guid.CreateVersion7().ToString("n");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Admin is null, $"{PostgresServer.Variable} is not set.");
        await ExecuteAsync($"create database {database}");
        installation.Variables["METERSYNC__Database__Provider"] = "postgres";
        installation.Variables["METERSYNC__Database__ConnectionString"] = new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Database = database, MaxPoolSize = 10 }.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await installation.DisposeAsync();
        if (PostgresServer.Admin is not null)
        {
            await ExecuteAsync($"drop database if exists {database} with (force)");
        }
    }

    [Fact]
    public async Task An_api_and_a_worker_share_a_database_and_a_data_directory()
    {
        // Started together on an empty database: one of them makes the schema and the first account, the other finds them.
        var starting = (Api: installation.ServeAsync("--set", "Roles=api"), Worker: installation.ServeAsync("--set", "Roles=worker"));
        await using var api = await starting.Api;
        await using var worker = await starting.Worker;
        var client = await ApiClient.SignInAsync(api.Client(), "admin", api.PrintedPassword() is { Length: > 0 } printed ? printed : worker.PrintedPassword());

        await worker.TerminateAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes("meter_number,type,digits\nS-1,electric,6\n")), "file", "list.csv" } };
        var queued = await client.PostAsync("/api/v1/meters/import", form);
        Assert.Equal(HttpStatusCode.Accepted, queued.Status);
        var path = $"/api/v1/meters/import/{(string?)queued.Data["id"]}";
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal("queued", (string?)(await client.GetAsync(path)).Data["status"]);

        await using var next = await installation.ServeAsync("--set", "Roles=worker");
        var job = await client.WaitForJobAsync(path);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());

        var exported = await installation.RunAsync("export", "meters", "-o", "-");
        Assert.True(exported.ExitCode == 0, exported.All);
        Assert.Contains("S-1", exported.Output, StringComparison.Ordinal);
        using var stranger = next.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/api/v1/meters")).StatusCode);
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Admin) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
