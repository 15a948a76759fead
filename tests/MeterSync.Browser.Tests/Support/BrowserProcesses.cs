using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The processes of one Chromium, found by its profile.</summary>
internal static class BrowserProcesses
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private static readonly TimeSpan s_goneWithin = TimeSpan.FromSeconds(20);

    /// <summary>SIGKILL for all of them in one moment: they are stopped first, so that none sees another end and tidies up.</summary>
    /// <exception cref="InvalidOperationException">There is none, or one does not go.</exception>
    public static async Task KillAsync(string profileFolder)
    {
        var family = Family(profileFolder);
        if (family.Count == 0)
        {
            throw new InvalidOperationException($"No browser runs with the profile {profileFolder}.");
        }

        foreach (var signal in (int[])[SigStop, SigKill])
        {
            foreach (var process in family)
            {
                // Fails for one that has ended meanwhile, which is as well.
                _ = kill(process, signal);
            }
        }

        var watch = Stopwatch.StartNew();
        while (family.Any(IsAlive))
        {
            if (watch.Elapsed > s_goneWithin)
            {
                throw new InvalidOperationException($"A browser with the profile {profileFolder} does not end.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>The browser's process and all it has started, parents first.</summary>
    private static List<int> Family(string profileFolder)
    {
        var argument = $"--user-data-dir={profileFolder}";
        var parents = new Dictionary<int, int>();
        var family = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) || Stat(id) is not { } stat)
            {
                continue;
            }

            parents[id] = stat.Parent;
            if (CommandLine(id).Contains(argument))
            {
                family.Add(id);
            }
        }

        for (var at = 0; at < family.Count; at++)
        {
            family.AddRange(parents.Where(pair => pair.Value == family[at] && !family.Contains(pair.Key)).Select(pair => pair.Key));
        }

        return family;
    }

    private static bool IsAlive(int id) => Stat(id) is { State: not 'Z' };

    private static (char State, int Parent)? Stat(int id)
    {
        if (Read($"/proc/{id}/stat") is not { Length: > 0 } text)
        {
            return null;
        }

        // The name stands in brackets and may have any letters.
        var parts = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (parts[0][0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string[] CommandLine(int id) => Read($"/proc/{id}/cmdline")?.Split('\0') ?? [];

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // ended meanwhile, or somebody else's
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
