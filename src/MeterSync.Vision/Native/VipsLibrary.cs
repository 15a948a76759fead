using System.Runtime.InteropServices;

namespace MeterSync.Vision.Native;

/// <summary>Where libvips is: the file that a setting names, the one beside this program, else the system's.</summary>
public static class VipsLibrary
{
    /// <summary>Name under which the system keeps it.</summary>
    public const string SystemName = "libvips.so.42";

    private const string BesideProgram = "libvips";

    private static readonly string[] s_systemFolders =
    [
        "/usr/local/lib",
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
    ];

    /// <summary>Looks for the file without loading it.</summary>
    /// <param name="named">A path, or the name of a library of the system; empty or null to choose.</param>
    /// <returns>What to load, or null where there is none.</returns>
    public static string? Find(string? named)
    {
        if (!string.IsNullOrWhiteSpace(named))
        {
            return named.Contains('/', StringComparison.Ordinal) ? File.Exists(named) ? named : null : InSystem(named);
        }
        return Bundled() ?? InSystem(SystemName);
    }

    /// <summary>Loads it into this process, once.</summary>
    /// <exception cref="DllNotFoundException">It is not there, or lacks something it needs.</exception>
    internal static void Load(string file)
    {
        var handle = NativeLibrary.Load(file);
        NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, (name, _, _) => name == Vips.Library ? handle : 0);
    }

    private static string? Bundled()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, BesideProgram);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "libvips*.so.*").Order(StringComparer.Ordinal).LastOrDefault() : null;
    }

    private static string? InSystem(string name)
    {
        var triple = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        return s_systemFolders.SelectMany(folder => (string[])[Path.Combine(folder, triple), folder]).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
