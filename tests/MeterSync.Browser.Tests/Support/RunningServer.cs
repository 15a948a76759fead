using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The published program with the demo's accounts, on a loopback port and a data directory that stay the same when it is killed and started again.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    /// <summary>Names another executable to test than <c>out/metersync</c>.</summary>
    public const string ExecutableVariable = "METERSYNC_TEST_EXECUTABLE";

    private static readonly TimeSpan HealthyWithin = TimeSpan.FromMinutes(2);

    private readonly IPlaywright _playwright;
    private readonly ServerOptions _options;
    private readonly string _executable;
    private ServerProcess? _process;

    private RunningServer(IPlaywright playwright, ServerOptions options)
    {
        _playwright = playwright;
        _options = options;
        _executable = Executable();
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port ?? FreePort.Find()}"));
        DataFolder = options.DataFolder ?? Directory.CreateTempSubdirectory("metersync-browser-").FullName;
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Where its database and files lie.</summary>
    public string DataFolder { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts the program and waits until <c>/health</c> answers with success.</summary>
    /// <param name="playwright">Asks it.</param>
    /// <param name="options">Left out: the demo with its data.</param>
    /// <exception cref="InvalidOperationException">It is not built, it ended, or it did not get healthy in time.</exception>
    public static async Task<RunningServer> StartAsync(IPlaywright playwright, ServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(playwright);
        var server = new RunningServer(playwright, options ?? new ServerOptions());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL. Data and port stay.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.KillAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it after a kill, on the same port and data, and waits until it is healthy.</summary>
    /// <exception cref="InvalidOperationException">It runs already, it ended, or it did not get healthy in time.</exception>
    public async Task StartAgainAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The server is running.");
        }

        _process?.Dispose();
        _process = ServerProcess.Start(_executable, ServeArguments());
        await WaitUntilHealthyAsync(_process);
    }

    /// <summary>Runs a verb of the command line on the same data, such as <c>backup FILE</c> or <c>restore FILE --replace</c> (the latter with the server killed).</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message has what it said.</exception>
    public async Task<string> RunAsync(params string[] verb)
    {
        using var process = Process.Start(new ProcessStartInfo(_executable, [.. verb, "--data", DataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{_executable} did not start.");
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"metersync {string.Join(' ', verb)} ended with {process.ExitCode}: {await said}{await complained}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_options.DataFolder is null)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private IEnumerable<string> ServeArguments()
    {
        string[] always = ["serve", "--demo", "--urls", BaseAddress.OriginalString, "--data", DataFolder, "--set", "RateLimits:Enabled=false"];
        return
        [
            .. always,
            .. _options.DemoData ? [] : (string[])["--set", "Demo:Data=false"],
            .. _options.Settings.SelectMany(setting => (string[])["--set", $"{setting.Key}={setting.Value}"]),
        ];
    }

    private static string Executable()
    {
        var path = Environment.GetEnvironmentVariable(ExecutableVariable) is { Length: > 0 } given
            ? given
            : Path.Combine(Repository.Root, "out", "metersync");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{path} does not exist. Build it with: bash run.sh --build-only");
    }

    private async Task WaitUntilHealthyAsync(ServerProcess process)
    {
        await using var requests = await _playwright.APIRequest.NewContextAsync(new() { BaseURL = BaseAddress.OriginalString });
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < HealthyWithin && !process.HasExited)
        {
            if (await AnswersAsync(requests))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        var what = process.HasExited ? $"ended with exit code {process.ExitCode}" : $"was not healthy within {HealthyWithin}";
        throw new InvalidOperationException($"{_executable} {what}. It said:\n{process.Output}");
    }

    private static async Task<bool> AnswersAsync(IAPIRequestContext requests)
    {
        try
        {
            var answer = await requests.GetAsync("/health");
            return answer.Ok;
        }
        catch (PlaywrightException)
        {
            return false; // Nothing listens yet.
        }
    }
}
