using System.Diagnostics;

namespace MeterSync.Store.Vision;

/// <summary>How this program is started a second time, to decode pictures.</summary>
internal static class WorkerProgram
{
    private const string Verb = "vision-worker";
    private const string HeapLimit = "0x4000000"; // 64 MiB for messages; pictures lie outside of it

    /// <summary>The other process gets nothing of this one's environment: settings there may be secrets.</summary>
    public static ProcessStartInfo Start(VisionOptions options)
    {
        var runtime = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location) ?? AppContext.BaseDirectory, "..", "..", ".."));
        var program = Path.Combine(AppContext.BaseDirectory, "metersync");
        var start = File.Exists(program)
            ? new ProcessStartInfo(program)
            : new ProcessStartInfo(Path.Combine(runtime, "dotnet"), ["exec", Path.Combine(AppContext.BaseDirectory, "metersync.dll")]);
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add("--memory-mib");
        start.ArgumentList.Add(options.MemoryMiB.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (options.Library.Length > 0)
        {
            start.ArgumentList.Add("--library");
            start.ArgumentList.Add(options.Library);
        }

        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.WorkingDirectory = "/";
        start.Environment.Clear();
        foreach (var (name, value) in Variables(runtime))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static IEnumerable<(string Name, string Value)> Variables(string runtime) =>
    [
        ("DOTNET_ROOT", runtime),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_GCHeapHardLimit", HeapLimit),
        ("DOTNET_EnableDiagnostics", "0"),
        ("DOTNET_EnableWriteXorExecute", "0"), // it writes to a file in memory, which the process may not
        ("DOTNET_TieredPGO", "0"),
        ("LANG", "C.UTF-8"),
        ("MALLOC_ARENA_MAX", "1"),
        ("VIPS_CONCURRENCY", "1"),
        ("VIPS_WARNING", "0"), // any value keeps warnings off the error output
    ];
}
