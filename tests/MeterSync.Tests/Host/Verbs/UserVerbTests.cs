using MeterSync.Tests.Support;

namespace MeterSync.Tests.Host.Verbs;

public sealed class UserVerbTests : IAsyncLifetime
{
    private static readonly string[] Ann = ["user", "add", "--email", "Ann@Example.com", "--username", "ann", "--name", "Ann Field", "--role", "agent"];
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Users_are_kept_without_a_server()
    {
        var added = await installation.RunAsync([.. Ann, "--json"]);
        Assert.True(added.ExitCode == 0, added.All);
        Assert.Equal("ann@example.com", (string?)added.Json["data"]!["email"]);
        Assert.Equal(20, ((string?)added.Json["data"]!["password"])!.Length);
        Assert.DoesNotContain("sign in as admin", added.Error, StringComparison.Ordinal);

        var listed = await installation.RunAsync("user", "list");
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains("ann@example.com\tann\tAnn Field\tagent\tactive", listed.Output, StringComparison.Ordinal);

        var reset = await installation.RunWithInputAsync("twelve green bottles\n", "user", "reset-password", "ANN", "--password-stdin");
        Assert.True(reset.ExitCode == 0, reset.All);
        Assert.DoesNotContain("twelve green bottles", reset.Output, StringComparison.Ordinal);

        Assert.DoesNotContain(Directory.EnumerateFiles(installation.Data), file => file.EndsWith(".sock", StringComparison.Ordinal));
        await using var server = await installation.ServeAsync();
        await ApiClient.SignInAsync(server.Client(), "ann", "twelve green bottles");
        await server.SignInAsAdministratorAsync(); // the first start makes an administrator where there is none
    }

    [Fact]
    public async Task An_administrator_who_was_added_is_the_only_one()
    {
        var added = await installation.RunAsync("user", "add", "--email", "boss@example.com", "--name", "Boss", "--role", "admin", "--json");
        Assert.True(added.ExitCode == 0, added.All);
        await using var server = await installation.ServeAsync();
        Assert.Empty(server.PrintedPassword());
        await ApiClient.SignInAsync(server.Client(), "boss@example.com", (string)added.Json["data"]!["password"]!);
    }

    [Fact]
    public async Task Users_are_kept_through_a_running_server()
    {
        await using var server = await installation.ServeAsync();
        var added = await installation.RunAsync([.. Ann, "--json"]);
        Assert.True(added.ExitCode == 0, added.All);
        var client = await ApiClient.SignInAsync(server.Client(), "ann@example.com", (string)added.Json["data"]!["password"]!);
        Assert.Equal("agent", (string?)(await client.GetAsync("/api/v1/auth/me")).Data["role"]);

        var reset = await installation.RunAsync("user", "reset-password", "ann@example.com", "--json");
        Assert.True(reset.ExitCode == 0, reset.All);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/auth/me")).Status);
        await ApiClient.SignInAsync(server.Client(), "ann", (string)reset.Json["data"]!["password"]!);
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_and_ends_with_1()
    {
        await using var server = await installation.ServeAsync();
        await installation.RunAsync(Ann);

        var twice = await installation.RunAsync([.. Ann, "--json"]);
        Assert.Equal(1, twice.ExitCode);
        Assert.Equal("user.email_taken", (string?)twice.Json["error"]!["code"]);

        var unknown = await installation.RunAsync("user", "reset-password", "bob");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("bob", unknown.Error, StringComparison.Ordinal);

        var weak = await installation.RunWithInputAsync("short\n", "user", "add", "--email", "c@example.com", "--name", "C", "--role", "king", "--password-stdin", "--json");
        Assert.Equal(1, weak.ExitCode);
        Assert.NotNull(weak.Json["error"]!["details"]!["role"]);

        var empty = await installation.RunAsync("user", "reset-password", "ann", "--password-stdin");
        Assert.Equal(2, empty.ExitCode);
    }

    [Fact]
    public async Task A_verb_waits_for_another_that_holds_the_data()
    {
        await installation.RunAsync("migrate");
        Task<ProgramEnd> waiting;
        using (MeterSync.Host.DataLock.TryTake(new(installation.Data)))
        {
            var process = installation.Start("user", "list");
            process.StandardInput.Close();
            Assert.Contains("waiting", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
            waiting = Installation.EndAsync(process);
        }

        var end = await waiting;
        Assert.True(end.ExitCode == 0, end.All);
    }

    [Fact]
    public async Task A_data_directory_held_for_too_long_is_given_up()
    {
        var data = new MeterSync.Store.DataDirectory(installation.Data);
        data.Create();
        using var held = MeterSync.Host.DataLock.TryTake(data);
        var announced = 0;

        Assert.NotNull(held);
        Assert.Null(await MeterSync.Host.DataLock.WaitAsync(data, TimeSpan.FromMilliseconds(500), () => false, () => announced++, TimeProvider.System, CancellationToken.None));
        Assert.Equal(1, announced);
    }
}
