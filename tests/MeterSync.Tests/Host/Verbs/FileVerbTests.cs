using System.Globalization;
using System.Text;

namespace MeterSync.Tests.Host.Verbs;

public sealed class FileVerbTests : IAsyncLifetime
{
    private const string Good = "meter_number,type,digits\nM-1,electric,6\nM-2,water,5\n";
    private const string Bad = "meter_number,type,digits\nM-1,electric,6\nM-2,plutonium,6\n";
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Meters_go_in_and_out_without_a_server()
    {
        var dry = await installation.RunAsync("import", "meters", File(Good), "--dry-run", "--json");
        Assert.True(dry.ExitCode == 0, dry.All);
        Assert.Equal((true, false, 2), ((bool)dry.Json["data"]!["result"]!["dry_run"]!, (bool)dry.Json["data"]!["result"]!["applied"]!, (int)dry.Json["data"]!["result"]!["created"]!));

        var imported = await installation.RunAsync("import", "meters", File(Good));
        Assert.True(imported.ExitCode == 0, imported.All);
        Assert.Contains("2 meters made", imported.Output, StringComparison.Ordinal);

        var target = Path.Combine(installation.Data, "list.csv");
        var exported = await installation.RunAsync("export", "meters", "-o", target, "--type", "water");
        Assert.True(exported.ExitCode == 0, exported.All);
        Assert.Contains("M-2", await System.IO.File.ReadAllTextAsync(target), StringComparison.Ordinal);
        Assert.DoesNotContain("M-1", await System.IO.File.ReadAllTextAsync(target), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(target + ".part"));

        var billing = await installation.RunAsync("export", "billing", "--from", "2026-01-01");
        Assert.Equal(2, billing.ExitCode);
    }

    [Fact]
    public async Task Meters_go_in_and_out_through_a_running_server()
    {
        await using var server = await installation.ServeAsync();
        var imported = await installation.RunAsync("import", "meters", File(Good), "--json");
        Assert.True(imported.ExitCode == 0, imported.All);
        Assert.Equal("operator", (string?)imported.Json["data"]!["created_by"]);

        var exported = await installation.RunAsync("export", "meters", "-o", "-");
        Assert.True(exported.ExitCode == 0, exported.All);
        Assert.Equal(3, exported.Output.Trim().Split('\n').Length);

        // Under the server's own name it comes through the socket, under another from where the server made it.
        Assert.Equal(0, (await installation.RunAsync("export", "meters", "-o", "copy.csv")).ExitCode);
        Assert.Equal(0, (await installation.RunAsync("export", "meters")).ExitCode);
        var named = Assert.Single(Directory.EnumerateFiles(installation.Data, "meters-*.csv"));
        Assert.Equal(exported.Output.Trim(), (await System.IO.File.ReadAllTextAsync(named)).Trim());
        Assert.Equal(await System.IO.File.ReadAllBytesAsync(named), await System.IO.File.ReadAllBytesAsync(Path.Combine(installation.Data, "copy.csv")));

        var refused = await installation.RunAsync("export", "readings", "--from", "never", "-o", "-", "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.NotNull(refused.Json["error"]!["details"]!["from"]);

        Assert.Equal(2, (await (await server.SignInAsAdministratorAsync()).GetAsync("/api/v1/meters")).Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_file_with_problems_is_refused_with_rows_and_reasons()
    {
        await using var server = await installation.ServeAsync();
        var refused = await installation.RunAsync("import", "meters", File(Bad));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("3\ttype\t\"plutonium\" is not one of", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was imported", refused.Output, StringComparison.Ordinal);

        var partial = await installation.RunAsync("import", "meters", File(Bad), "--partial", "--json");
        Assert.Equal(1, partial.ExitCode);
        Assert.Equal(1, (int)partial.Json["data"]!["result"]!["created"]!);

        var no = await installation.RunAsync("export", "meters", "-o", Path.Combine(installation.Data, "nowhere", "list.csv"));
        Assert.Equal(2, no.ExitCode);
    }

    [Fact]
    public async Task Workbooks_go_out_and_in_and_problems_come_beside_their_rows()
    {
        await using var server = await installation.ServeAsync();
        Assert.Equal(0, (await installation.RunAsync("import", "meters", File(Good))).ExitCode);
        var workbook = Path.Combine(installation.Data, "list.xlsx");
        var exported = await installation.RunAsync("export", "meters", "-o", workbook, "--json");
        Assert.True(exported.ExitCode == 0, exported.All);
        Assert.Equal("exports.excel", (string?)exported.Json["data"]!["kind"]);
        var again = await installation.RunAsync("import", "meters", workbook, "--sheet", "meters", "--json");
        Assert.True((int?)again.Json["data"]!["result"]!["unchanged"] == 2, again.All);

        Assert.Equal(0, (await installation.RunAsync("export", "readings", "-o", "readings.txt", "--format", "xlsx")).ExitCode);
        Assert.StartsWith("PK", await System.IO.File.ReadAllTextAsync(Path.Combine(installation.Data, "readings.txt")), StringComparison.Ordinal);
        Assert.Equal(2, (await installation.RunAsync("export", "readings", "--format", "pdf")).ExitCode);

        var problems = Path.Combine(installation.Data, "mend.csv");
        var refused = await installation.RunAsync("import", "meters", File(Bad), "--problems", problems);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("import.unknown_value", await System.IO.File.ReadAllTextAsync(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_cut_off_by_kill_9_leaves_nothing_half_done_and_is_taken_up_again()
    {
        const int meters = 15_000;
        var text = new StringBuilder("meter_number,type,digits\n");
        for (var number = 0; number < meters; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $"K-{number},electric,6\n");
        }

        await using var server = await installation.ServeAsync();
        var verb = installation.Start("import", "meters", File(text.ToString()));
        verb.StandardInput.Close();
        while (await verb.StandardError.ReadLineAsync() is { } line && !line.Contains("rows", StringComparison.Ordinal))
        {
        }

        await server.KillAsync();
        await verb.WaitForExitAsync();
        Assert.Equal(3, verb.ExitCode);
        var kept = await CountAsync();
        Assert.True(kept is 0 or meters, $"{kept} of {meters} meters were kept.");

        await using var again = await installation.ServeAsync();
        await UntilAsync(async () => await CountAsync() == meters && await ScalarAsync("select count(*) from jobs where status = 'completed'") == 1);
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await done())
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The job was not taken up again within a minute.");
    }

    private Task<long> CountAsync() => ScalarAsync("select count(*) from meters");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private string File(string text)
    {
        Directory.CreateDirectory(installation.Data);
        var path = Path.Combine(installation.Data, "import.csv");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
