using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MeterSync.Vision.Worker;

/// <summary>What the kernel lets this process use. The hard limits cannot be raised again.</summary>
internal static partial class ProcessLimits
{
    private const int Cpu = 0, FileSize = 1, Data = 2, Core = 4, OpenFiles = 7;
    private const ulong MostOpenFiles = 256, CpuGraceSeconds = 2;

    /// <summary>Private memory that can be written; no core dump; no file written to.</summary>
    public static void Set(long memoryBytes)
    {
        YieldToOthers();
        Limit(Core, 0, 0);
        Limit(FileSize, 0, 0);
        Limit(OpenFiles, MostOpenFiles, MostOpenFiles);
        Limit(Data, (ulong)memoryBytes, (ulong)memoryBytes);
    }

    /// <summary>Where the machine runs out of memory, this process goes first, unless the machine does not let it say so.</summary>
    private static void YieldToOthers()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>The kernel ends this process when it has used so much more processor time than now.</summary>
    public static void AllowCpu(int seconds) =>
        Limit(Cpu, (ulong)Environment.CpuUsage.TotalTime.TotalSeconds + (ulong)seconds + CpuGraceSeconds, ulong.MaxValue);

    private static void Limit(int resource, ulong soft, ulong hard)
    {
        var limit = new ResourceLimit { Soft = soft, Hard = hard };
        if (SetLimit(resource, ref limit) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The limit {resource} cannot be set.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref ResourceLimit limit);

    /// <summary>Ends the process at once, whatever other threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
