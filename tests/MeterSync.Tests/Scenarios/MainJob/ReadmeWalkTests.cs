using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>Runs the README's commands from meter to billing file as they are printed, against a server on a port.</summary>
public sealed class ReadmeWalkTests(ListeningOnSqlite server, ListeningDemo demo) : IClassFixture<ListeningOnSqlite>, IClassFixture<ListeningDemo>
{
    private const string PrintedAddress = "http://127.0.0.1:8000";

    [Fact]
    public async Task Commands_of_the_README_lead_from_a_meter_to_a_billing_file()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/usr/bin/jq"), "curl and jq are not installed.");
        var folder = Directory.CreateTempSubdirectory("metersync-readme-");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "samples"), Path.Combine(Repository.Root, "samples"));
            var said = await RunAsync(Script(server, "From meter to billing file"), folder.FullName);

            Assert.Contains("\"created\": 12", said, StringComparison.Ordinal);
            Assert.Contains("below the accepted 10250", said, StringComparison.Ordinal);
            Assert.Contains("\"verified\": true", said, StringComparison.Ordinal);
            var bill = CsvText.Rows(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "billing.csv"), TestContext.Current.CancellationToken));
            var line = Assert.Single(bill, line => line["serial_number"] == "EL-410221");
            Assert.Equal(("10250", "10520", "270", "billable"), (line["previous_value"], line["current_value"], line["consumption"], line["state"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Commands_of_the_README_bring_a_batch_twice_and_its_photo()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/usr/bin/jq"), "curl and jq are not installed.");
        var folder = Directory.CreateTempSubdirectory("metersync-readme-");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "samples"), Path.Combine(Repository.Root, "samples"));
            var said = await RunAsync(Script(demo, "A phone without a network"), folder.FullName);
            var pushed = said.Split('\n').Where(line => line.StartsWith("{\"status\"", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line)!).ToList();
            Assert.True(pushed.Count == 3, said);
            Assert.Equal(["applied", "duplicate", "conflict"], pushed.Select(answer => (string?)answer["status"]));
            Assert.Equal(pushed[0]["receipt"]!.ToJsonString(), pushed[1]["receipt"]!.ToJsonString());
            Assert.Contains("\"state\": \"complete\"", said, StringComparison.Ordinal);
            Assert.Contains("\"width\": 640", said, StringComparison.Ordinal);
            Assert.Contains("\"evidence\": \"complete\"", said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The blocks of a walk, one after the other, with nothing between them.</summary>
    private static string Script(ServerFixture server, string title)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var walk = readme.Split($"## {title}\n")[1].Split("\n## ")[0];
        var script = new StringBuilder("set -euo pipefail\n").AppendJoin("", walk.Split("```bash\n").Skip(1).Select(rest => rest.Split("```")[0]));
        return script.Insert(0, $"api={PrintedAddress}/api/v1\n").Replace(PrintedAddress, Listening.AddressOf(server).ToString().TrimEnd('/')).ToString();
    }

    private static async Task<string> RunAsync(string script, string folder)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"Exit code {shell.ExitCode}: {await errors}\n{await output}");
        return await output;
    }
}

/// <summary>The demo, on a port.</summary>
public sealed class ListeningDemo : ListeningOnSqlite
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Demo:Data"] = "true" };
}
