namespace MeterSync.Tests.Host.Verbs;

public sealed class CommandLineTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Theory]
    [InlineData("serve", "--port", "8000")]
    [InlineData("frobnicate")]
    [InlineData("user", "add", "--email", "ann@example.com")]
    [InlineData("import", "meters")]
    [InlineData("user", "list", "--set", "Roles")]
    public async Task Wrong_usage_ends_with_2_and_one_line(params string[] arguments)
    {
        var end = await installation.RunAsync(arguments);

        Assert.True(end.ExitCode == 2, end.All);
        Assert.Empty(end.Output);
        Assert.Single(end.Error.Trim().Split('\n'));
        Assert.Contains("--help", end.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(installation.Data));
    }

    [Fact]
    public async Task Wrong_usage_is_an_error_envelope_with_json()
    {
        var end = await installation.RunAsync("user", "add", "--json");

        Assert.Equal(2, end.ExitCode);
        Assert.Empty(end.Error);
        Assert.False((bool?)end.Json["success"]);
        Assert.Equal("verb.usage", (string?)end.Json["error"]?["code"]);
    }

    [Theory]
    [InlineData]
    [InlineData("user")]
    public async Task A_verb_that_is_not_said_shows_the_verbs_there_are(params string[] arguments)
    {
        var end = await installation.RunAsync(arguments);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("Commands:", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_verb_and_makes_no_data()
    {
        var end = await installation.RunAsync("--help");

        Assert.Equal(0, end.ExitCode);
        Assert.All((string[])["serve", "migrate", "user", "import", "export", "doctor", "version"], verb => Assert.Contains($"  {verb} ", end.Output, StringComparison.Ordinal));
        Assert.False(Directory.Exists(installation.Data));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task Version_is_the_program_s(string argument)
    {
        var end = await installation.RunAsync(argument);

        Assert.Equal(0, end.ExitCode);
        Assert.Equal($"MeterSync {typeof(MeterSync.Store.DataDirectory).Assembly.GetName().Version!.ToString(3)}", end.Output.Trim());
    }

    [Theory]
    [InlineData("user", "list")]
    [InlineData("user", "reset-password", "ann")]
    [InlineData("export", "meters")]
    public async Task A_verb_about_data_refuses_where_there_are_none(params string[] arguments)
    {
        var end = await installation.RunAsync(arguments);

        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains("--data", end.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(installation.Data));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var end = await installation.RunAsync("import", "meters", "nowhere.csv");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("nowhere.csv", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_makes_the_schema_once()
    {
        var first = await installation.RunAsync("migrate", "--json");
        var second = await installation.RunAsync("migrate", "--json");

        Assert.True(first.ExitCode == 0, first.All);
        Assert.Contains("0001_store", first.Json["data"]!["applied"]!.AsArray().Select(name => (string?)name));
        Assert.Empty(second.Json["data"]!["applied"]!.AsArray());
    }
}
