using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeterSync.Bench.Field.Stands;

/// <summary>A server that was started here, and may be killed without warning. What it prints goes to a file.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log)
    {
        // exec: the shell's process becomes the command's, so that the id is the one to kill.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", .. command]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : throw new BenchFailedException($"{string.Join(' ', command)} ended with {process.ExitCode}: {printed}");
    }

    /// <summary>kill -9: nothing is finished, nothing is flushed.</summary>
    public void Kill() => End(SigKill);

    public void Terminate() => End(SigTerm);

    public void Interrupt() => End(SigInt);

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void End(int signal)
    {
        if (_process.HasExited || kill(_process.Id, signal) != 0 || _process.WaitForExit(20_000))
            return;
        _process.Kill();
        _process.WaitForExit();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
