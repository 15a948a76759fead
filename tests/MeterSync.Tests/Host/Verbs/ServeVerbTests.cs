using System.Net;

namespace MeterSync.Tests.Host.Verbs;

public sealed class ServeVerbTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused()
    {
        await using var first = await installation.ServeAsync();

        var second = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}");

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("already works on", OneLine(second), StringComparison.Ordinal);
        Assert.Equal(3, (await installation.RunAsync("migrate")).ExitCode);
        using var answer = await first.Client().GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Demo_accounts_stay_on_this_machine()
    {
        var open = $"http://0.0.0.0:{Installation.FreePort()}";
        var demo = await installation.RunAsync("serve", "--demo", "--urls", open);
        Assert.Equal(2, demo.ExitCode);
        Assert.Contains("127.0.0.1", OneLine(demo), StringComparison.Ordinal);

        await using (var server = await installation.ServeAsync("--demo", "--set", "Demo:Data=false"))
        {
            await server.TerminateAsync();
        }

        var later = await installation.RunAsync("serve", "--urls", open);
        Assert.Equal(2, later.ExitCode);
        Assert.Contains("demonstration accounts", OneLine(later), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Roles=ingest", "ingest")]
    [InlineData("Database:WaitSeconds=soon", "Database:WaitSeconds")]
    [InlineData("Accounts:SigningKey=short", "Accounts:SigningKey")]
    public async Task A_setting_that_cannot_work_is_named_in_one_line(string setting, string named)
    {
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}", "--set", setting);

        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains(named, OneLine(end), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_before_anything_is_made()
    {
        var port = Installation.FreePort();
        using var other = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port);
        other.Start();

        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{port}");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", OneLine(end), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(installation.Data, "metersync.db")));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_with_3()
    {
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}", "--set", "Database:Provider=postgres", "--set", $"Database:ConnectionString=Host=127.0.0.1;Port={Installation.FreePort()};Username=nobody");

        Assert.True(end.ExitCode == 3, end.All);
        Assert.Contains("Database:ConnectionString", OneLine(end), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_ends_it_cleanly()
    {
        await using var server = await installation.ServeAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(installation.Socket));

        Assert.Equal(0, await server.TerminateAsync());
        Assert.False(File.Exists(installation.Socket));
        Assert.DoesNotContain("\"Error\"", server.Said, StringComparison.Ordinal);
        Assert.Equal("ok", await QuickCheckAsync());
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_server_is_no_obstacle()
    {
        await using var first = await installation.ServeAsync();
        await first.KillAsync();
        Assert.True(File.Exists(installation.Socket));

        var verb = await installation.RunAsync("user", "list");
        Assert.True(verb.ExitCode == 0, verb.All);
        await using var second = await installation.ServeAsync();
    }

    [Fact]
    public async Task A_worker_says_how_it_is_and_nothing_else()
    {
        await using var server = await installation.ServeAsync("--set", "Roles=worker");
        using var client = server.Client();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/openapi/v1.json")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/api/v1/auth/login", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/docs/index.html")).StatusCode);
    }

    private static string OneLine(ProgramEnd end)
    {
        Assert.Empty(end.Output);
        return Assert.Single(end.Error.Trim().Split('\n'));
    }

    private async Task<string?> QuickCheckAsync()
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma quick_check";
        return (string?)await command.ExecuteScalarAsync();
    }
}
