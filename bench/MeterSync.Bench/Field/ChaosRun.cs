using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench.Field.Stands;

namespace MeterSync.Bench.Field;

/// <summary>One run of chaos: what happens and when is drawn from its seed.</summary>
internal sealed class ChaosRun(FieldGround ground, string template, FieldFleet fleet, int number, Random random, int photos, double cut, int mostSeconds)
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly int _seed = random.Next();
    private FieldRun? _run;
    private long _kills;
    private long _restores;

    /// <summary>What is added up over runs.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts =>
        [.. _run?.Ledger.Counts ?? new Dictionary<string, long>(), new("kills", _kills), new("backups restored", _restores), new("answers cut", _run?.Faults.AnswersCut ?? 0), new("requests cut", _run?.Faults.RequestsCut ?? 0)];

    /// <returns>Whether every promise was kept.</returns>
    public async Task<bool> RunAsync()
    {
        var database = string.Create(CultureInfo.InvariantCulture, $"run_{number}");
        var folder = Path.Combine(ground.Folder, string.Create(CultureInfo.InvariantCulture, $"run-{number}"));
        Copy(Path.Combine(template, "data"), Path.Combine(folder, "data"));
        ground.Postgres?.CreateDatabase(database, "template_run");
        using (var stand = ground.Stand(folder, database, $"{database}/"))
        {
            stand.Start();
            Log("started");
            _run = new FieldRun(stand, fleet, folder, new(photos, PhotoBytes: 20_000, cut, _seed, mostSeconds));
            try
            {
                await _run.RunAsync(() => Task.Run(() => Script(stand, folder)));
            }
            catch (BenchFailedException failure)
            {
                _run.Ledger.Fault(failure.Message);
            }
            Log("ended");
        }
        ground.Postgres?.DropDatabase(database);
        if (_run.Ledger.Faults.Count > 0)
            return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }

    public void Tell()
    {
        foreach (var line in _log)
            Console.Error.WriteLine($"  {line}");
        Scenarios.FieldUnderFaults.Tell(_run!.Ledger);
    }

    private void Script(ServerStand stand, string folder)
    {
        var backup = Path.Combine(folder, "backup");
        var isRestored = random.Next(4) == 0;
        if (isRestored)
        {
            Wait(0, 500);
            stand.Run(null, "backup", backup);
            Log("backed up");
        }
        for (var step = random.Next(1, 4); step > 0; step--)
        {
            Wait(20, 700);
            switch (random.Next(4))
            {
                case 0 when ground.IsPostgres:
                    ground.Postgres.Kill();
                    Log("database killed");
                    Wait(0, 300);
                    ground.Postgres.Start();
                    Log("database started");
                    break;
                case 1 when ground.CanKillS3:
                    ground.BounceS3(random.Next(300));
                    Log("storage killed and started");
                    break;
                default:
                    stand.Kill();
                    Log("server killed");
                    Wait(0, 300);
                    stand.Start();
                    Log("server started");
                    break;
            }
            _kills++;
        }
        if (!isRestored)
            return;
        Wait(100, 700);
        stand.Kill();
        stand.Run(null, "restore", backup, "--replace");
        _restores++;
        Log("server killed, backup restored");
        stand.Start();
        Log("server started");
    }

    private void Wait(int least, int most) => Thread.Sleep(random.Next(least, most));

    private void Log(string what) => _log.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,7:0.000} {what}"));

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !IsSocket(file)))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    /// <summary>The running server's own socket lies beside its data.</summary>
    private static bool IsSocket(string file) => file.EndsWith(".sock", StringComparison.Ordinal);
}
