using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MeterSync.Tests.Host.Verbs;

/// <summary>A data directory of its own and the real program to work on it. Whatever it started is dead when the test is over.</summary>
public sealed class Installation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static int lastPort = System.Environment.ProcessId % 5_000;
    private readonly List<ServingProgram> servers = [];
    private readonly List<Process> started = [];

    /// <summary>Short: a Unix socket has to fit into it.</summary>
    public string Data { get; } = Path.Combine(Path.GetTempPath(), "ms-" + Guid.CreateVersion7().ToString("n")[20..]);

    /// <summary>Variables of every program started here.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["METERSYNC__Accounts__BcryptCost"] = "4", ["METERSYNC__RateLimits__Enabled"] = "false" };

    public string Socket => Path.Combine(Data, "metersync.sock");

    /// <summary>Below the range from which the system gives ports to clients.</summary>
    public static int FreePort()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        while (true)
        {
            var port = 20_000 + (Interlocked.Increment(ref lastPort) % 12_000);
            if (!taken.Contains(port) && IsFree(port))
            {
                return port;
            }
        }
    }

    /// <summary>Runs a verb to its end on this data directory.</summary>
    public async Task<ProgramEnd> RunAsync(params string[] arguments) => await RunWithInputAsync("", arguments);

    public async Task<ProgramEnd> RunWithInputAsync(string input, params string[] arguments)
    {
        var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Starts serve on a free port of 127.0.0.1 and waits until it serves.</summary>
    public async Task<ServingProgram> ServeAsync(params string[] arguments)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var server = new ServingProgram(Start(["serve", "--urls", url, .. arguments]), url);
        servers.Add(server);
        await server.WaitUntilServingAsync(Patience);
        return server;
    }

    /// <summary>Waits for a verb's end and reads what is left of its words.</summary>
    public static async Task<ProgramEnd> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return new ProgramEnd(process.ExitCode, await output, await error);
    }

    /// <summary>A verb to talk to; killed with the installation if it still runs then.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "metersync.dll"), .. arguments])
        {
            WorkingDirectory = Directory.Exists(Data) ? Data : Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["METERSYNC_DATA"] = Data;
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        started.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        foreach (var process in started)
        {
            await KillAsync(process);
        }

        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>How a verb ended and what it said.</summary>
public sealed record ProgramEnd(int ExitCode, string Output, string Error)
{
    public string All => $"exit {ExitCode}\n{Output}\n{Error}";

    public System.Text.Json.Nodes.JsonNode Json => System.Text.Json.Nodes.JsonNode.Parse(Output) ?? throw new InvalidOperationException(All);
}
