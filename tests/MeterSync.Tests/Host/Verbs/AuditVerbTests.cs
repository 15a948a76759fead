using Dapper;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MeterSync.Tests.Host.Verbs;

public sealed class AuditVerbTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Verify_says_the_head_and_finds_what_was_done_past_the_program()
    {
        Assert.Equal(2, (await installation.RunAsync("audit", "verify")).ExitCode); // no data yet
        await installation.RunAsync("user", "add", "--email", "ann@example.com", "--name", "Ann", "--role", "agent");
        await installation.RunAsync("user", "add", "--email", "bob@example.com", "--name", "Bob", "--role", "agent");

        var whole = await installation.RunAsync("audit", "verify");
        Assert.True(whole.ExitCode == 0, whole.All);
        Assert.Matches("^2 entries, unbroken, head 2:[0-9a-f]{64}$", whole.Output.Trim());
        Assert.Empty(whole.Error);
        var head = whole.Output.Trim().Split(' ')[^1];

        var json = await installation.RunAsync("audit", "verify", "--expect", head, "--json");
        Assert.True(json.ExitCode == 0, json.All);
        Assert.Equal((true, head), ((bool?)json.Json["data"]!["unbroken"], (string?)json.Json["data"]!["head"]));
        Assert.Equal(1, (await installation.RunAsync("audit", "verify", "--expect", "nonsense")).ExitCode);

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false"))
        {
            await connection.ExecuteAsync("drop trigger audit_log_keeps_rows; drop trigger audit_log_keeps_content; delete from audit_log where seq = 2");
        }

        var cut = await installation.RunAsync("audit", "verify", "--expect", head, "--json");
        Assert.Equal((1, "verb.audit_broken", "end_missing"), (cut.ExitCode, (string?)cut.Json["error"]!["code"], (string?)cut.Json["data"]!["broken"]!["fault"]));

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false"))
        {
            await connection.ExecuteAsync("update audit_log set action = 'deleted' where seq = 1");
        }

        var broken = await installation.RunAsync("audit", "verify");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("The audit log is broken. Entry 1 (", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_says_where_the_log_ends_and_verifies_for_the_verb()
    {
        await using var server = await installation.ServeAsync();
        var verified = await installation.RunAsync("audit", "verify", "--json");
        Assert.True(verified.ExitCode == 0, verified.All);
        for (var look = 0; look < 100 && !server.Said.Contains("The audit log ends at entry", StringComparison.Ordinal); look++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Contains("The audit log ends at entry", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_restored_without_its_keys_lets_people_sign_in_anew_and_says_what_is_lost()
    {
        string password;
        await using (var server = await installation.ServeAsync())
        {
            password = server.PrintedPassword();
            await server.SignInAsAdministratorAsync();
            Assert.Equal(0, (await installation.RunAsync("audit", "verify")).ExitCode);
            await server.TerminateAsync();
        }

        var keys = Path.Combine(installation.Data, "keys");
        Assert.NotEmpty(Directory.GetFiles(keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        Directory.Delete(keys, recursive: true);

        await using var again = await installation.ServeAsync();
        Assert.Contains("signing keys cannot be read", again.Said, StringComparison.Ordinal);
        await ApiClient.SignInAsync(again.Client(), "admin", password);
        var verified = await installation.RunAsync("audit", "verify", "--json");
        Assert.Equal((1, "key_unreadable"), (verified.ExitCode, (string?)verified.Json["data"]!["broken"]!["fault"]));
    }
}
