using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The published program with its demo data, on a free loopback port and in a data directory of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    /// <summary>Names another executable to test than <c>out/metersync</c>.</summary>
    public const string ExecutableVariable = "METERSYNC_TEST_EXECUTABLE";

    private static readonly TimeSpan HealthyWithin = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly DirectoryInfo _data;
    private readonly ConcurrentQueue<string> _output = new();

    private RunningServer(string executable)
    {
        BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}");
        _data = Directory.CreateTempSubdirectory("metersync-browser-");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(executable, ["serve", "--demo", "--urls", BaseAddress.OriginalString, "--data", _data.FullName, "--set", "RateLimits:Enabled=false"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts the program and waits until <c>/health</c> answers with success.</summary>
    /// <exception cref="InvalidOperationException">It is not built, it ended, or it did not get healthy in time.</exception>
    public static async Task<RunningServer> StartAsync(IPlaywright playwright)
    {
        ArgumentNullException.ThrowIfNull(playwright);
        var server = new RunningServer(Executable());
        try
        {
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            await server.WaitUntilHealthyAsync(playwright);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Start may have failed: then there is no process to end, and asking for its id throws.
        if (Started() && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private static string Executable()
    {
        var path = Environment.GetEnvironmentVariable(ExecutableVariable) is { Length: > 0 } given
            ? given
            : Path.Combine(RepositoryRoot(), "out", "metersync");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{path} does not exist. Build it with: bash run.sh --build-only");
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No MeterSync.slnx above {AppContext.BaseDirectory}.");
    }

    /// <summary>Below 32768, where the kernel does not hand out ports to outgoing connections.</summary>
    private static int FreePort()
    {
        for (var port = Random.Shared.Next(20_000, 31_000); port < 32_768; port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }

        throw new InvalidOperationException("No free port below 32768.");
    }

    private async Task WaitUntilHealthyAsync(IPlaywright playwright)
    {
        await using var requests = await playwright.APIRequest.NewContextAsync(new() { BaseURL = BaseAddress.OriginalString });
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < HealthyWithin && !_process.HasExited)
        {
            if (await AnswersAsync(requests))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        var what = _process.HasExited ? $"ended with exit code {_process.ExitCode}" : $"was not healthy within {HealthyWithin}";
        throw new InvalidOperationException($"{_process.StartInfo.FileName} {what}. It said:\n{string.Join('\n', _output)}");
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

    private bool Started()
    {
        try
        {
            return _process.Id != 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > 200)
        {
            _output.TryDequeue(out _);
        }
    }
}
