using System.Globalization;

namespace MeterSync.Bench.Machine;

/// <summary>Processor time and memory of a process and everything below it, from /proc.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed for user space on Linux

    /// <summary>User and system time of the tree, with children already ended and waited for. Seconds.</summary>
    public static double CpuSeconds(int root) =>
        Members(root).Sum(stat => stat.OwnTicks + stat.EndedChildrenTicks) / TicksPerSecond;

    /// <summary>Resident memory of the tree now, MiB. Pages shared between its processes count once for each.</summary>
    public static double ResidentMebibytes(int root) => Members(root).Sum(stat => StatusKibibytes(stat.Pid, "VmRSS")) / 1024;

    /// <summary>Highest resident memory since start or since <see cref="ForgetPeak"/>, MiB, summed over the tree.</summary>
    public static double PeakMebibytes(int root) => Members(root).Sum(stat => StatusKibibytes(stat.Pid, "VmHWM")) / 1024;

    public static void ForgetPeak(int root)
    {
        foreach (var stat in Members(root))
            File.WriteAllText($"/proc/{stat.Pid}/clear_refs", "5");
    }

    private static List<Stat> Members(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => Stat.Read(name!))
            .OfType<Stat>()
            .ToLookup(stat => stat.Parent);
        var members = new List<Stat> { Stat.Read(root.ToString(CultureInfo.InvariantCulture)) ?? throw new BenchFailedException($"Process {root} has ended.") };
        for (var i = 0; i < members.Count; i++)
            members.AddRange(all[members[i].Pid]);
        return members;
    }

    private static double StatusKibibytes(int pid, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith(field + ":", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[(field.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended between listing and reading
        }
    }

    private sealed record Stat(int Pid, int Parent, long OwnTicks, long EndedChildrenTicks)
    {
        public static Stat? Read(string pid)
        {
            try
            {
                var text = File.ReadAllText($"/proc/{pid}/stat");
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
                return new((int)long.Parse(pid, CultureInfo.InvariantCulture), (int)Field(4), Field(14) + Field(15), Field(16) + Field(17));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
