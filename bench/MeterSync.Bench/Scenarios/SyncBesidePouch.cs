using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MeterSync.Bench.Field;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>10,000 readings pushed by one phone in batches of 100, pulled by a second one of the same agent, and a sync with nothing to do; beside PouchDB and its server with the same documents, in turns.</summary>
/// <remarks>Options: those of <see cref="FieldGround"/>; --runs 3, --readings 10000, --months 3 of history; --peer URL,PID of a PouchDB server, --peer-client its client.js.
/// Both sides keep what they push and pull in files: MeterSync's phone in SQLite with fsync, PouchDB in LevelDB as it comes, without.</remarks>
internal static class SyncBesidePouch
{
    private const int Batch = 100;
    private const int NoOps = 10;
    private static readonly TimeSpan s_betweenReadings = TimeSpan.FromMilliseconds(100);

    public static int Run(Options options)
    {
        var (runs, readings) = (options.Number("runs", 3), options.Number("readings", 10_000));
        using var ground = new FieldGround(options);
        ground.Postgres?.CreateDatabase("metersync");
        using var stand = ground.Stand(Path.Combine(ground.Folder, "server"), "metersync", "sync/");
        // One agent a run, and one whose run warms both sides up.
        var fleet = FieldFleet.Create(stand, ground.Folder, runs + 1, readings, options.Number("months", 3), options.Number("seed", 1));
        var results = new ResultsFile("sync", options);
        var (ours, theirs) = (new List<SyncTimes>(), new List<SyncTimes>());
        ProcessTree.ForgetPeak(stand.ProcessId);
        for (var run = 0; run <= runs; run++)
        {
            var documents = Path.Combine(ground.Folder, $"documents-{run}.ndjson");
            var measured = OursAsync(stand, fleet.PlanOf(run, 0, 0, 0, run), ground.Folder, documents).GetAwaiter().GetResult();
            Add(results, $"metersync, {Name(run)}", measured);
            var peer = options.Find("peer") is { } server ? Theirs(server.Split(',')[0], options.Text("peer-client"), documents, Path.Combine(ground.Folder, "pouchdb"), $"bench{run}") : null;
            if (peer is not null)
                Add(results, $"pouchdb, {Name(run)}", peer);
            if (run == 0)
                continue;
            ours.Add(measured);
            if (peer is not null)
                theirs.Add(peer);
        }
        var (mine, memory) = (SyncTimes.Median(ours), ProcessTree.PeakMebibytes(stand.ProcessId) * 1.048576);
        Add(results, "metersync, median", mine);
        if (theirs.Count > 0)
        {
            var peer = SyncTimes.Median(theirs);
            Add(results, "pouchdb, median", peer);
            Judge(results, "push, of PouchDB's time", mine.PushMilliseconds / peer.PushMilliseconds, 0.4);
            Judge(results, "pull, of PouchDB's time", mine.PullMilliseconds / peer.PullMilliseconds, 0.4);
            results.Add(new() { ["what"] = "peak memory of PouchDB's server, MB", ["value"] = ProcessTree.PeakMebibytes(int.Parse(options.Text("peer").Split(',')[1], CultureInfo.InvariantCulture)) * 1.048576 });
        }
        Judge(results, "sync with nothing to do, ms", mine.NoOpMilliseconds, 50);
        Judge(results, "peak memory of the server, MB", memory, 200);
        results.Finish();
        return 0;
    }

    private static string Name(int run) => run == 0 ? "warm-up" : string.Create(CultureInfo.InvariantCulture, $"run {run}");

    private static async Task<SyncTimes> OursAsync(ServerStand stand, PhonePlan plan, string folder, string documents)
    {
        var ledger = new Ledger();
        using var wire = new PhoneWire(stand.Address, stand.Port, plan.UserName, plan.Password);
        var clock = new PhoneClock(new Random(plan.Seed));
        using var first = new Outbox(Path.Combine(folder, $"{plan.UserName}-first.db"));
        using var second = new Outbox(Path.Combine(folder, $"{plan.UserName}-second.db"));
        List<FrozenItem> items = [.. plan.Meters.Select((meter, index) => FieldItems.Reading(meter.Id, meter.Value, null, [], clock, withTimestamp: true, ago: s_betweenReadings * (plan.Meters.Count - index)))];
        first.Freeze(items, []);
        await File.WriteAllLinesAsync(documents, items.Select(item => System.Text.Encoding.UTF8.GetString(item.Bytes)));
        var (phone, other) = (new SyncCalls(wire, first, clock, ledger, "first"), new SyncCalls(wire, second, clock, ledger, "second"));
        if (!await phone.PullAsync(default) || !await other.PullAsync(default))
            throw new BenchFailedException("The phones could not fetch their work.");

        var cpu = ProcessTree.CpuSeconds(stand.ProcessId);
        var started = Stopwatch.GetTimestamp();
        while (first.TakeUnsent(Batch, 0) is { Count: > 0 } batch)
        {
            if (!await phone.PushAsync(batch, BatchSpelling.Json, default))
                throw new BenchFailedException($"A batch was refused: {ledger.Faults.FirstOrDefault()}");
        }
        var push = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var pushCpu = ProcessTree.CpuSeconds(stand.ProcessId) - cpu;
        started = Stopwatch.GetTimestamp();
        await other.PullAsync(default);
        var pull = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var pullCpu = ProcessTree.CpuSeconds(stand.ProcessId) - cpu - pushCpu;
        await phone.PullAsync(default);
        var quiet = new List<double>();
        for (var time = 0; time < NoOps; time++)
        {
            started = Stopwatch.GetTimestamp();
            if (first.Unsent > 0 || !await phone.PullAsync(default))
                throw new BenchFailedException("There was something to do where nothing should be.");
            quiet.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        var pulled = second.Pulled().Keys.Count(key => key.Entity == "reading");
        if (ledger.Of("items applied") != plan.Meters.Count || pulled != plan.Meters.Count || ledger.Faults.Count > 0)
            throw new BenchFailedException($"{ledger.Of("items applied")} applied and {pulled} pulled of {plan.Meters.Count}: {ledger.Faults.FirstOrDefault()}");
        return new(push, pull, ResultsFile.Median(quiet)) { ServerPushMilliseconds = pushCpu * 1000, ServerPullMilliseconds = pullCpu * 1000 };
    }

    private static SyncTimes Theirs(string server, string client, string documents, string folder, string name)
    {
        var printed = ChildProcess.Run(["node", client, server, documents, folder, name], new Dictionary<string, string> { ["NODE_ENV"] = "production" });
        using var json = JsonDocument.Parse(printed.Trim().Split('\n')[^1]);
        return new(json.RootElement.GetProperty("push_ms").GetDouble(), json.RootElement.GetProperty("pull_ms").GetDouble(), json.RootElement.GetProperty("no_op_ms").GetDouble());
    }

    private static void Add(ResultsFile results, string what, SyncTimes times)
    {
        var row = new Dictionary<string, object?> { ["what"] = what, ["push_ms"] = times.PushMilliseconds, ["pull_ms"] = times.PullMilliseconds, ["no_op_ms"] = times.NoOpMilliseconds };
        if (times.ServerPushMilliseconds is { } push)
            (row["push_server_cpu_ms"], row["pull_server_cpu_ms"]) = (push, times.ServerPullMilliseconds);
        results.Add(row);
    }

    private static void Judge(ResultsFile results, string what, double value, double most) =>
        results.Add(new() { ["what"] = what, ["value"] = value, ["goal"] = string.Create(CultureInfo.InvariantCulture, $"<= {most}"), ["met"] = value <= most ? "yes" : "NO" });

    private sealed record SyncTimes(double PushMilliseconds, double PullMilliseconds, double NoOpMilliseconds)
    {
        /// <summary>Processor time of our own server meanwhile; the peer's is not asked for.</summary>
        public double? ServerPushMilliseconds { get; init; }

        public double? ServerPullMilliseconds { get; init; }

        public static SyncTimes Median(List<SyncTimes> times) =>
            new(ResultsFile.Median(times.Select(one => one.PushMilliseconds)), ResultsFile.Median(times.Select(one => one.PullMilliseconds)), ResultsFile.Median(times.Select(one => one.NoOpMilliseconds)));
    }
}
