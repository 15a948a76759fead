using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeterSync.Bench.Machine;

/// <summary>Wall time, processor time and peak memory of one whole process, from wait4.</summary>
/// <param name="ExitCode">128 + signal when a signal ended it.</param>
/// <param name="WallSeconds">From spawn to exit.</param>
/// <param name="CpuSeconds">User and system time, waited-for children included.</param>
/// <param name="PeakMebibytes">Highest resident memory of the process or of its largest waited-for child. Never below this driver's own
/// resident memory at the spawn (about 40 MiB): Linux carries that over.</param>
internal sealed record MeasuredCommand(int ExitCode, double WallSeconds, double CpuSeconds, double PeakMebibytes)
{
    public static MeasuredCommand Run(string[] command)
    {
        var started = Stopwatch.GetTimestamp();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").ToArray();
        var error = posix_spawnp(out var pid, command[0], 0, 0, [.. command, null], [.. environment, null]);
        if (error != 0)
            throw new BenchFailedException($"{command[0]} could not be started (errno {error}).");
        if (wait4(pid, out var status, 0, out var usage) != pid)
            throw new BenchFailedException($"wait4 failed (errno {Marshal.GetLastPInvokeError()}).");
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var exit = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
        var cpu = usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
        return new(exit, wall, cpu, usage.MaxResidentKibibytes / 1024.0);
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnp(out int pid, string file, nint fileActions, nint attributes, string?[] arguments, string?[] environment);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int wait4(int pid, out int status, int options, out ResourceUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaxResidentKibibytes;

        /// <summary>The thirteen further counters of struct rusage.</summary>
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 13)]
        public long[] Others;
    }
}
