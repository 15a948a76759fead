using MeterSync.Bench.Fleet;
using MeterSync.Bench.Http;
using MeterSync.Bench.Load;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>GET and POST /readings of every target in turn, run after run, so that a slow minute of the machine falls on all of them. The first
/// target is set against the best of the others.</summary>
internal static class ReadingsSideBySide
{
    public static int Run(Options options)
    {
        var fleet = MeterFleet.FromOptions(options);
        var targets = options.All("target").Select(Target.Parse).ToArray();
        foreach (var target in targets)
        {
            target.SignIn();
            target.LearnMeterIds(fleet);
            CheckAnswers.Check(fleet, target, 10);
        }
        var bench = new Bench(fleet, targets, options);
        var only = options.Find("only") ?? "";
        var reads = only == "writes" ? [] : bench.Reads();
        if (only.Length == 0)
        {
            bench.WholeList();
            bench.DeepPages();
        }
        var writes = only == "reads" ? [] : bench.Writes();
        if (only.Length == 0)
            bench.Ratios(reads, writes);
        bench.Results.Finish();
        var disturbed = reads.Values.Concat(writes.Values).SelectMany(r => r).Count(r => r.OtherCpuSeconds > 0.2 * r.Seconds);
        if (disturbed > 0)
            Console.WriteLine($"NOT A QUIET MACHINE: in {disturbed} runs other processes used more than 0.2 cores; trust the CPU columns, not the rates.");
        return 0;
    }

    private sealed class Bench(MeterFleet fleet, Target[] targets, Options options)
    {
        private readonly int _runs = options.Number("runs", 3);
        private readonly int _connections = options.Number("connections", 8);
        private readonly int _database = options.Number("database-pid", Environment.ProcessId);

        public ResultsFile Results { get; } = new("readings", options);

        public Dictionary<string, LoadRun[]> Reads()
        {
            var seconds = options.Number("seconds", 8);
            var runs = InTurn("reads", (target, run) =>
            {
                var prepared = ReadMix.Prepare(fleet, target, 8192, run + 1);
                return LoadRun.Measure(target, prepared, ReadMix.Kinds.Length, _connections, run < 0 ? options.Number("warm-up", 5) : seconds, _database);
            });
            foreach (var target in targets)
            {
                Report("GET readings", target, runs[target.Name]);
                for (var kind = 0; kind < ReadMix.Kinds.Length; kind++)
                    ReportKind("  " + ReadMix.Kinds[kind], target, runs[target.Name], kind);
            }
            return runs;
        }

        /// <summary>The unfiltered list, whose total stops at the cap: mostly PostgreSQL counting.</summary>
        public void WholeList()
        {
            var runs = InTurn("whole list", (target, run) =>
                LoadRun.Measure(target, [new(0, target.Get("/api/v1/readings?limit=20"), 100_000)], 1, _connections, run < 0 ? 1 : 4, _database));
            foreach (var target in targets)
                Report("GET readings, no filter", target, runs[target.Name]);
        }

        public void DeepPages()
        {
            foreach (var target in targets)
            {
                target.SignIn();
                foreach (var row in DeepCursor.Measure(target, options.Number("depth", 10_000), _runs))
                    Results.Add(row);
            }
        }

        public Dictionary<string, LoadRun[]> Writes()
        {
            var count = options.Number("writes", 3000);
            var first = TimeProvider.System.GetUtcNow().AddHours(-30);
            var mixes = targets.ToDictionary(t => t.Name, t => new WriteMix(fleet, t, first, 77));
            var runs = InTurn("writes", (target, run) =>
            {
                var prepared = mixes[target.Name].Prepare(run < 0 ? options.Number("warm-up-writes", 5000) : count);
                return LoadRun.Measure(target, prepared, WriteMix.Kinds.Length, _connections, null, _database);
            });
            foreach (var target in targets)
            {
                Report("POST readings", target, runs[target.Name]);
                for (var kind = 0; kind < WriteMix.Kinds.Length; kind++)
                    ReportKind("  " + WriteMix.Kinds[kind], target, runs[target.Name], kind);
            }
            return runs;
        }

        public void Ratios(Dictionary<string, LoadRun[]> reads, Dictionary<string, LoadRun[]> writes)
        {
            if (targets.Length < 2 || targets[0].Name.StartsWith("fastapi", StringComparison.Ordinal))
                return;
            var ours = targets[0].Name;
            var peers = targets.Skip(1).Select(t => t.Name).ToArray();
            var frugal = peers.MinBy(p => MedianOf(writes[p], ServerMilliseconds))!;
            var cpu = MedianOf(writes[ours], ServerMilliseconds) / MedianOf(writes[frugal], ServerMilliseconds);
            var p95 = MedianOf(writes[ours], r => r.Percentile(0.95));
            foreach (var peer in peers)
            {
                var speed = MedianOf(reads[ours], r => r.PerSecond) / MedianOf(reads[peer], r => r.PerSecond);
                Judge($"reads/s of {ours} over {peer}", speed, ">= 8", speed >= 8);
            }
            Judge($"CPU a write of {ours} over {frugal}", cpu, "<= 0.2", cpu <= 0.2);
            Judge($"p95 of a read, {ours}, ms", MedianOf(reads[ours], r => r.Percentile(0.95)), "<= 20", MedianOf(reads[ours], r => r.Percentile(0.95)) <= 20);
            Judge($"p95 of a write, {ours}, ms", p95, "<= 20", p95 <= 20);
        }

        private void Judge(string what, double value, string goal, bool met) =>
            Results.Add(new() { ["what"] = what, ["value"] = value, ["goal"] = goal, ["met"] = met ? "yes" : "NO" });

        /// <summary>Run -1 warms up and is thrown away.</summary>
        private Dictionary<string, LoadRun[]> InTurn(string what, Func<Target, int, LoadRun> measure)
        {
            var runs = targets.ToDictionary(t => t.Name, _ => new LoadRun[_runs]);
            for (var run = -1; run < _runs; run++)
            {
                foreach (var target in targets)
                {
                    target.SignIn();
                    var measured = measure(target, run);
                    if (run >= 0)
                        runs[target.Name][run] = measured;
                    Console.Error.WriteLine($"{what}, {(run < 0 ? "warm-up" : $"run {run + 1}")}: {target.Name} {measured.PerSecond:0}/s, others used {measured.OtherCpuSeconds / measured.Seconds:0.00} cores");
                }
            }
            return runs;
        }

        private void Report(string what, Target target, LoadRun[] runs) => Results.Add(new()
        {
            ["what"] = what,
            ["server"] = target.Name,
            ["requests"] = runs.Sum(r => r.Requests),
            ["per_s"] = MedianOf(runs, r => r.PerSecond),
            ["p50_ms"] = MedianOf(runs, r => r.Percentile(0.50)),
            ["p95_ms"] = MedianOf(runs, r => r.Percentile(0.95)),
            ["p99_ms"] = MedianOf(runs, r => r.Percentile(0.99)),
            ["server_cpu_ms"] = MedianOf(runs, ServerMilliseconds),
            ["postgres_cpu_ms"] = MedianOf(runs, r => r.DatabaseCpuSeconds * 1000 / r.Requests),
            ["driver_cpu_ms"] = MedianOf(runs, r => r.DriverCpuSeconds * 1000 / r.Requests),
            ["cores_used"] = MedianOf(runs, r => (r.ServerCpuSeconds + r.DatabaseCpuSeconds + r.DriverCpuSeconds) / r.Seconds),
            ["others_cores"] = MedianOf(runs, r => r.OtherCpuSeconds / r.Seconds),
            ["unexpected"] = runs.Sum(r => r.WrongVerdicts),
            ["peak_mib"] = target.PeakMebibytes,
        });

        /// <summary>Later rounds of writes have ordinary values only: a run without the kind does not count.</summary>
        private void ReportKind(string what, Target target, LoadRun[] runs, int kind)
        {
            var with = Array.FindAll(runs, r => r.Milliseconds[kind].Length > 0);
            if (with.Length == 0)
                return;
            Results.Add(new()
            {
                ["what"] = what,
                ["server"] = target.Name,
                ["requests"] = with.Sum(r => r.Milliseconds[kind].Length),
                ["p50_ms"] = MedianOf(with, r => LoadRun.Percentile(r.Milliseconds[kind], 0.50)),
                ["p95_ms"] = MedianOf(with, r => LoadRun.Percentile(r.Milliseconds[kind], 0.95)),
                ["p99_ms"] = MedianOf(with, r => LoadRun.Percentile(r.Milliseconds[kind], 0.99)),
            });
        }

        private static double ServerMilliseconds(LoadRun run) => run.ServerCpuSeconds * 1000 / run.Requests;

        private static double MedianOf(LoadRun[] runs, Func<LoadRun, double> value) => ResultsFile.Median(runs.Select(value));
    }
}
