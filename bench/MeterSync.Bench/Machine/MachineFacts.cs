using System.Runtime.InteropServices;

namespace MeterSync.Bench.Machine;

/// <summary>What the numbers were measured on.</summary>
internal static class MachineFacts
{
    /// <param name="options">Each <c>--fact name=value</c> is added: versions that only the caller knows.</param>
    public static Dictionary<string, string> Collect(Options options)
    {
        var facts = new Dictionary<string, string>
        {
            ["measured_at"] = TimeProvider.System.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["cores"] = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["processor"] = Line("/proc/cpuinfo", "model name"),
            ["memory"] = Line("/proc/meminfo", "MemTotal"),
            ["kernel"] = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
        };
        foreach (var fact in options.All("fact"))
            facts[fact.Split('=', 2)[0]] = fact.Split('=', 2)[^1];
        return facts;
    }

    /// <summary>Processor time used by everything since boot, time stolen by the hypervisor included.</summary>
    public static double BusySeconds()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9];
        // user nice system idle iowait irq softirq steal
        return ticks.Where((_, i) => i is not (3 or 4)).Sum(t => long.Parse(t, System.Globalization.CultureInfo.InvariantCulture)) / 100.0;
    }

    private static string Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
