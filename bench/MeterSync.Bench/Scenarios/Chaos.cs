using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench.Field;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>Many small runs, each on fresh data, in which the server, its database and its storage are killed without warning while phones send, and now and then yesterday's backup is put back. Every run is told by its seed.</summary>
/// <remarks>Options: those of <see cref="FieldGround"/>; --runs 20, --seed 1, --agents 3, --readings 40 (each), --photos 6, --most-seconds 120 (a run), --run N (that one alone).</remarks>
internal static class Chaos
{
    private static readonly double[] s_cuts = [0, 0.1, 0.3];

    public static int Run(Options options)
    {
        var (runs, seed, only) = (options.Number("runs", 20), options.Number("seed", 1), options.Number("run", -1));
        var results = new ResultsFile("chaos", options);
        using var ground = new FieldGround(options);
        ground.Postgres?.CreateDatabase("template_run");
        var template = Path.Combine(ground.Folder, "template");
        var fleet = Template(ground, template, options);
        var (failed, started, totals) = (0, Stopwatch.GetTimestamp(), new SortedDictionary<string, long>(StringComparer.Ordinal));
        for (var run = 0; run < runs; run++)
        {
            if (only >= 0 && run != only)
                continue;
            var one = new ChaosRun(ground, template, fleet, run, new Random((seed * 1_000_003) + run), options.Number("photos", 6), s_cuts[run % s_cuts.Length], options.Number("most-seconds", 120));
            var isKept = one.RunAsync().GetAwaiter().GetResult();
            foreach (var (what, count) in one.Counts)
                totals[what] = totals.GetValueOrDefault(what) + count;
            if (isKept)
                continue;
            failed++;
            Console.Error.WriteLine($"FAILED: run {run}; again: chaos --runs {run + 1} --run {run} --seed {seed}");
            one.Tell();
        }
        var minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        results.Add(new() { ["what"] = $"{(only >= 0 ? 1 : runs)} runs, seed {seed}, {(ground.IsPostgres ? "PostgreSQL" : "SQLite")}, {(ground.IsS3 ? "S3" : "disk")}, minutes", ["value"] = minutes });
        foreach (var (what, count) in totals)
            results.Add(new() { ["what"] = what, ["value"] = count.ToString(CultureInfo.InvariantCulture) });
        results.Add(new() { ["what"] = "runs in which the ledger did not agree", ["value"] = failed.ToString(CultureInfo.InvariantCulture), ["goal"] = "0", ["met"] = failed == 0 ? "yes" : "NO" });
        results.Finish();
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Schema, people, meters and work are made once; every run begins with a copy.</summary>
    private static FieldFleet Template(FieldGround ground, string folder, Options options)
    {
        using var stand = ground.Stand(folder, "template_run", "template/");
        var fleet = FieldFleet.Create(stand, ground.Folder, options.Number("agents", 3), options.Number("readings", 40), months: 0, options.Number("seed", 1));
        stand.Stop();
        return fleet;
    }
}
