using MeterSync.Tests.Support;

namespace MeterSync.Tests.Host.Verbs;

public sealed class DoctorVerbTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task A_sound_installation_has_no_failures()
    {
        await installation.RunAsync("migrate");
        var end = await installation.RunAsync("doctor", "--urls", $"http://127.0.0.1:{Installation.FreePort()}");

        Assert.True(end.ExitCode == 0, end.All);
        Assert.All((string[])["configuration", "signing key", "data directory", "disk", "database", "schema", "address", "libcrypt", "clock"], check => Assert.Matches($"(?m)^ok    {check} ", end.Output));
        Assert.DoesNotMatch("(?m)^fail", end.Output);
    }

    [Fact]
    public async Task Looking_at_a_database_nobody_has_open_leaves_no_files_beside_it()
    {
        await installation.RunAsync("migrate");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "pragma wal_checkpoint(truncate); update users set name = name;";
            await command.ExecuteNonQueryAsync();
        }

        string[] before = ["metersync.db"];
        Assert.Equal(before, DatabaseFiles());
        Assert.Equal("ok", (await ExamineAsync(0))["database"].Status);
        Assert.Equal(before, DatabaseFiles());

        IEnumerable<string?> DatabaseFiles() => Directory.EnumerateFiles(installation.Data, "metersync.db*").Select(Path.GetFileName).Order();
    }

    [Fact]
    public async Task A_running_server_is_recognised_on_its_address()
    {
        await using var server = await installation.ServeAsync();
        var checks = await ExamineAsync(0, "--urls", server.Url);

        Assert.Equal("ok", checks["address"].Status);
        Assert.Contains("MeterSync serves", checks["address"].Message, StringComparison.Ordinal);
        Assert.Contains("healthy", checks["server"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_is_named_with_the_nearest_known_one()
    {
        installation.Variables["METERSYNC__Databse__WaitSeconds"] = "5";
        installation.Variables["METERSYNC_Roles"] = "all";
        var end = await installation.RunAsync("doctor");

        Assert.Contains("Databse:WaitSeconds is no setting and has no effect; did you mean Database:WaitSeconds?", end.Output, StringComparison.Ordinal);
        Assert.Contains("METERSYNC_Roles has no effect; did you mean METERSYNC__Roles?", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Roles=api,ingest", "Accounts:SigningKey=your-secret-key-change-in-production")]
    [InlineData("Database:Provider=postgres", "Accounts:SigningKey=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Settings_that_cannot_work_fail(string setting, string key)
    {
        var checks = await ExamineAsync(1, "--set", setting, "--set", key);

        Assert.Equal("fail", checks["configuration"].Status);
        Assert.Equal("fail", checks["signing key"].Status);
    }

    [Fact]
    public async Task A_damaged_file_and_an_open_directory_are_found()
    {
        Directory.CreateDirectory(installation.Data);
        File.SetUnixFileMode(installation.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(Path.Combine(installation.Data, "metersync.db"), "this was a database once, and is none any more");
        await File.WriteAllTextAsync(Path.Combine(installation.Data, "metersync.json"), "{ \"Database\": ");
        var checks = await ExamineAsync(1);

        Assert.Equal("fail", checks["database"].Status);
        Assert.Equal("fail", checks["configuration"].Status);
        Assert.Contains("chmod 700", checks["data directory"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_another_program_fails()
    {
        var port = Installation.FreePort();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();

        Assert.Equal("fail", (await ExamineAsync(1, "--urls", $"http://127.0.0.1:{port}"))["address"].Status);
    }

    [Fact]
    public async Task Postgres_is_asked_for_its_version_and_extensions()
    {
        Assert.SkipWhen(PostgresServer.Admin is null, $"{PostgresServer.Variable} is not set.");
        var checks = await ExamineAsync(0, "--set", "Database:Provider=postgres", "--set", $"Database:ConnectionString={PostgresServer.Admin}");

        Assert.All((string[])["database", "postgis", "pg_trgm", "database clock"], check => Assert.Equal("ok", checks[check].Status));
        Assert.StartsWith("PostgreSQL", checks["database"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postgres_that_does_not_answer_fails() =>
        Assert.Equal("fail", (await ExamineAsync(1, "--set", "Database:Provider=postgres", "--set", $"Database:ConnectionString=Host=127.0.0.1;Port={Installation.FreePort()};Username=nobody"))["database"].Status);

    /// <summary>Check to the last thing said of it.</summary>
    private async Task<Dictionary<string, (string Status, string Message)>> ExamineAsync(int exitCode, params string[] arguments)
    {
        var end = await installation.RunAsync(["doctor", "--json", .. arguments.Contains("--urls") ? arguments : [.. arguments, "--urls", $"http://127.0.0.1:{Installation.FreePort()}"]]);
        Assert.True(end.ExitCode == exitCode, end.All);
        return end.Json["data"]!["checks"]!.AsArray().GroupBy(check => (string)check!["check"]!).ToDictionary(group => group.Key, group => ((string)group.Last()!["status"]!, (string)group.Last()!["message"]!));
    }
}
