using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MeterSync.Bench.Http;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>Starts the command after <c>--</c>, waits until <c>--health</c> answers 200, leaves it alone for <c>--idle-seconds</c>, reads its memory, ends it.</summary>
internal static class StartToHealthy
{
    private const int SigTerm = 15;

    public static int Run(Options options)
    {
        var results = new ResultsFile("start", options);
        var health = new Uri(options.Text("health"));
        var starts = new List<double>();
        var idles = new List<double>();
        for (var run = 1; run <= options.Number("runs", 3); run++)
        {
            var (seconds, cpu, idle) = One(options, health);
            starts.Add(seconds);
            idles.Add(idle);
            results.Add(new() { ["what"] = string.Create(CultureInfo.InvariantCulture, $"start run {run}"), ["healthy_s"] = seconds, ["cpu_s"] = cpu, ["idle_mib"] = idle });
        }
        var (start, memory) = (ResultsFile.Median(starts), ResultsFile.Median(idles));
        results.Add(new() { ["what"] = "start median", ["healthy_s"] = start, ["idle_mib"] = memory, ["goal"] = "<= 2 s, <= 180 MiB", ["met"] = start <= 2 && memory <= 180 ? "yes" : "NO" });
        results.Finish();
        return 0;
    }

    private static (double Seconds, double CpuSeconds, double IdleMebibytes) One(Options options, Uri health)
    {
        var started = Stopwatch.GetTimestamp();
        using var server = Process.Start(new ProcessStartInfo(options.Command[0], options.Command[1..]) { RedirectStandardOutput = true })!;
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        try
        {
            while (!IsHealthy(health))
            {
                if (server.HasExited)
                    throw new BenchFailedException($"The server ended with {server.ExitCode} before it was healthy.");
                if (Stopwatch.GetElapsedTime(started).TotalSeconds > 60)
                    throw new BenchFailedException("The server was not healthy within a minute.");
                Thread.Sleep(10);
            }
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cpu = ProcessTree.CpuSeconds(server.Id);
            Thread.Sleep(TimeSpan.FromSeconds(options.Number("idle-seconds", 15)));
            return (seconds, cpu, ProcessTree.ResidentMebibytes(server.Id));
        }
        finally
        {
            if (!server.HasExited && kill(server.Id, SigTerm) == 0 && !server.WaitForExit(10_000))
                server.Kill(entireProcessTree: true);
        }
    }

    private static bool IsHealthy(Uri health)
    {
        try
        {
            using var connection = new HttpConnection(health);
            var request = System.Text.Encoding.ASCII.GetBytes($"GET {health.PathAndQuery} HTTP/1.1\r\nHost: {health.Authority}\r\n\r\n");
            return connection.Exchange(request, out _) == 200;
        }
        catch (SocketException)
        {
            return false; // not listening yet
        }
        catch (BenchFailedException)
        {
            return false; // listening, closed before it answered
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
