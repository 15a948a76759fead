using System.Diagnostics;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Field.Stands;

/// <summary>The real server on a data directory of its own: started, killed, backed up and restored.</summary>
/// <param name="program">The published server.</param>
/// <param name="folder">Data, logs and backups lie here.</param>
/// <param name="environment">Settings, as METERSYNC__Section__Key.</param>
internal sealed class ServerStand(string program, string folder, IReadOnlyDictionary<string, string> environment) : IDisposable
{
    public const string AdminEmail = "bench@example.org";
    public const string AdminPassword = "Bench-Only-2026";
    private const int MostSecondsToStart = 180;
    private readonly Dictionary<string, string> _environment = new(environment)
    {
        ["METERSYNC__RateLimits__Enabled"] = "false",
        // Phones sign in again and again; what a password costs is measured elsewhere.
        ["METERSYNC__Accounts__BcryptCost"] = "4",
        ["METERSYNC__Workforce__WorkStart"] = "00:00",
        ["METERSYNC__Workforce__WorkEnd"] = "00:00",
    };

    private ChildProcess? _server;

    public int Port { get; } = FreePort.Find();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public string Data => Path.Combine(folder, "data");

    public int ProcessId => _server!.Id;

    public bool IsRunning => _server is { HasExited: false };

    public void Start()
    {
        _server?.Dispose();
        _server = ChildProcess.Start(
            [program, "serve", "--data", Data, "--urls", Address.ToString().TrimEnd('/')],
            _environment,
            Path.Combine(folder, "server.log"));
        var started = Stopwatch.GetTimestamp();
        while (!IsHealthy())
        {
            if (_server.HasExited)
                throw new BenchFailedException($"The server ended while it started; see {Path.Combine(folder, "server.log")}.");
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > MostSecondsToStart)
                throw new BenchFailedException($"The server is not healthy after {MostSecondsToStart} s; see {Path.Combine(folder, "server.log")}.");
            Thread.Sleep(20);
        }
    }

    public void Kill() => _server?.Kill();

    public void Stop() => _server?.Terminate();

    /// <summary>A verb of the command line on this data directory.</summary>
    public string Run(string? input, params string[] verb) => ChildProcess.Run([program, .. verb, "--data", Data], _environment, input);

    public void AddAdmin() => Run(AdminPassword + "\n", "user", "add", "--email", AdminEmail, "--name", "Bench", "--role", "admin", "--password-stdin");

    public Target SignIn()
    {
        var target = Target.Parse($"metersync,{Address.ToString().TrimEnd('/')},{ProcessId},{AdminEmail},{AdminPassword}");
        target.SignIn();
        return target;
    }

    public void Dispose()
    {
        Stop();
        _server?.Dispose();
    }

    private bool IsHealthy()
    {
        try
        {
            using var connection = new HttpConnection(Address);
            return connection.Exchange(System.Text.Encoding.ASCII.GetBytes($"GET /health HTTP/1.1\r\nHost: {Address.Authority}\r\n\r\n"), out _) == 200;
        }
        catch (Exception early) when (early is System.Net.Sockets.SocketException or BenchFailedException)
        {
            return false; // not listening yet, or closed before it answered
        }
    }
}
