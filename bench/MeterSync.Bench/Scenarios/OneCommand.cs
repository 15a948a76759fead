using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>Runs the command after <c>--</c> several times as a whole process and judges the medians against
/// <c>--max-seconds</c> and <c>--max-mebibytes</c>. Before each run <c>--reset</c>, a shell line, puts things back.</summary>
internal static class OneCommand
{
    public static int Run(Options options)
    {
        var name = options.Text("name");
        var results = new ResultsFile(name, options);
        var runs = new List<MeasuredCommand>();
        for (var run = 1; run <= options.Number("runs", 3); run++)
        {
            if (options.Find("reset") is { } reset && MeasuredCommand.Run(["/bin/sh", "-c", reset]).ExitCode != 0)
                throw new BenchFailedException($"'{reset}' failed.");
            var measured = MeasuredCommand.Run(options.Command);
            if (measured.ExitCode != 0)
                throw new BenchFailedException($"{name}: run {run} ended with {measured.ExitCode}.");
            runs.Add(measured);
            results.Add(Row($"{name} run {run}", measured.WallSeconds, measured.CpuSeconds, measured.PeakMebibytes));
        }
        var wall = ResultsFile.Median(runs.Select(r => r.WallSeconds));
        var peak = runs.Max(r => r.PeakMebibytes);
        var median = Row($"{name} median", wall, ResultsFile.Median(runs.Select(r => r.CpuSeconds)), peak);
        var met = wall <= options.Number("max-seconds", int.MaxValue) && peak <= options.Number("max-mebibytes", int.MaxValue);
        median["goal"] = $"<= {options.Find("max-seconds")} s, <= {options.Find("max-mebibytes")} MiB";
        median["met"] = met ? "yes" : "NO";
        results.Add(median);
        results.Finish();
        return 0;
    }

    private static Dictionary<string, object?> Row(string what, double wall, double cpu, double peak) =>
        new() { ["what"] = what, ["wall_s"] = wall, ["cpu_s"] = cpu, ["peak_mib"] = peak };
}
