using System.Diagnostics;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Scenarios.Month;

/// <summary>Runs scripts/month.mjs as the documentation prints it, against a server on a port.</summary>
public sealed class MonthScriptTests(ListeningOnSqlite server) : IClassFixture<ListeningOnSqlite>
{
    [Fact]
    public async Task The_script_goes_through_the_month_and_says_each_step()
    {
        var (code, said, complained) = await RunAsync(Listening.AddressOf(server).ToString());

        Assert.True(code == 0, $"Exit code {code}: {complained}\n{said}");
        Assert.Contains("13 lines, 3 of them estimated; the exchanged place used 8 + 2 m3", said, StringComparison.Ordinal);
        Assert.Equal(14, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task The_script_stops_where_nobody_answers()
    {
        var (code, _, complained) = await RunAsync("http://127.0.0.1:9");

        Assert.Equal(1, code);
        Assert.Contains("Step 1 failed", complained, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said, string Complained)> RunAsync(string address)
    {
        var token = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("metersync-month-");
        try
        {
            var start = new ProcessStartInfo("node", [Path.Combine(Repository.Root, "scripts", "month.mjs"), address]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["TMPDIR"] = folder.FullName;
            using var script = Start(start);
            Assert.SkipWhen(script is null, "node is not installed.");
            var (output, errors) = (script!.StandardOutput.ReadToEndAsync(token), script.StandardError.ReadToEndAsync(token));
            await script.WaitForExitAsync(token);
            return (script.ExitCode, await output, await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
