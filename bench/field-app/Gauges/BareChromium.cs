using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench;
using MeterSync.Browser.Tests.Support;

namespace MeterSync.BrowserBench.Gauges;

/// <summary>Chromium as a person starts it, with the profile of a phone that is switched off. What drives tests watches every request, and with that keeps the browser from using scripts that it has compiled before.</summary>
internal sealed class BareChromium : IAsyncDisposable
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly DevToolsLine _line;
    private readonly string _session;

    private BareChromium(Process process, DevToolsLine line, string session) => (_process, _line, _session) = (process, line, session);

    /// <param name="slowedBy">For the main thread of its page.</param>
    public static async Task<BareChromium> StartAsync(string profileFolder, double slowedBy)
    {
        ServiceWorkers.Forget(profileFolder);
        var process = Process.Start(new ProcessStartInfo(ChromiumProgram.Path, [.. ChromiumProgram.Arguments, "--password-store=basic", "--use-mock-keychain", "--remote-debugging-port=0", $"--user-data-dir={profileFolder}", "--window-size=412,915", "--force-device-scale-factor=2.625", "about:blank"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new BenchFailedException("Chromium did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var line = await DevToolsLine.OpenAsync(await ServiceWorkers.AddressAsync(profileFolder), (_, _, _) => { });
        // The browser does much of its own right after its start; a phone has done so when the icon is tapped.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var targets = await line.AskAsync("Target.getTargets");
        var page = targets.GetProperty("targetInfos").EnumerateArray().First(target => target.GetProperty("type").GetString() == "page").GetProperty("targetId").GetString();
        var session = (await line.AskAsync("Target.attachToTarget", new { targetId = page, flatten = true })).GetProperty("sessionId").GetString()!;
        await line.AskAsync("Emulation.setCPUThrottlingRate", new { rate = slowedBy }, session);
        return new(process, line, session);
    }

    public Task GotoAsync(Uri address) => _line.AskAsync("Page.navigate", new { url = address }, _session);

    /// <summary>When a mark was made, in milliseconds since the page was asked for.</summary>
    /// <exception cref="BenchFailedException">It is not made within a minute.</exception>
    public async Task<double> MarkAtAsync(string name)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_within)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            if (await NumberAsync(string.Create(CultureInfo.InvariantCulture, $"performance.getEntriesByName('{name}')[0]?.startTime ?? 0")) is > 0 and var at)
            {
                return at;
            }
        }

        throw new BenchFailedException($"The page did not come to {name}.");
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<double> NumberAsync(string expression) =>
        (await _line.AskAsync("Runtime.evaluate", new { expression, returnByValue = true }, _session)).GetProperty("result").GetProperty("value").GetDouble();

    public async ValueTask DisposeAsync()
    {
        await _line.AskAsync("Browser.close");
        await _line.DisposeAsync();
        using var deadline = new CancellationTokenSource(s_within);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
    }
}
