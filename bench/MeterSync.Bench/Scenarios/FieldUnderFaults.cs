using System.Globalization;
using MeterSync.Bench.Field;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>Agents with phones over a network that cuts, delays, loses, doubles and reorders; at the end every promise is looked up in the server.</summary>
/// <remarks>Options: those of <see cref="FieldGround"/>; --agents 20, --readings 10000, --photos 500, --photo-bytes 100000, --cut 0.3, --seed 1, --most-seconds 900.</remarks>
internal static class FieldUnderFaults
{
    private const int MostFaultsShown = 20;

    public static int Run(Options options)
    {
        var (agents, readings) = (options.Number("agents", 20), options.Number("readings", 10_000));
        var size = new FieldSize(
            options.Number("photos", 500), options.Number("photo-bytes", 100_000), double.Parse(options.Find("cut") ?? "0.3", CultureInfo.InvariantCulture), options.Number("seed", 1), options.Number("most-seconds", 900));
        using var ground = new FieldGround(options);
        ground.Postgres?.CreateDatabase("metersync");
        using var stand = ground.Stand(Path.Combine(ground.Folder, "server"), "metersync", "field/");
        var fleet = FieldFleet.Create(stand, ground.Folder, agents, readings / agents, months: 0, size.Seed);
        var run = new FieldRun(stand, fleet, ground.Folder, size);
        run.RunAsync(() => Task.CompletedTask).GetAwaiter().GetResult();

        var results = new ResultsFile("field", options);
        results.Add(new() { ["what"] = $"{agents} phones, {readings} readings, {size.Photos} photos, {size.Cut:P0} of answers cut, seed {size.Seed}, {(ground.IsPostgres ? "PostgreSQL" : "SQLite")}, {(ground.IsS3 ? "S3" : "disk")}" });
        foreach (var fact in run.Facts())
            results.Add(fact);
        var isKept = run.Ledger.Faults.Count == 0;
        results.Add(new() { ["what"] = "ledger", ["value"] = isKept ? "agrees" : "DOES NOT AGREE", ["goal"] = "agrees", ["met"] = isKept ? "yes" : "NO" });
        results.Finish();
        Tell(run.Ledger);
        return isKept ? 0 : 1;
    }

    public static void Tell(Ledger ledger)
    {
        foreach (var fault in ledger.Faults.Take(MostFaultsShown))
            Console.Error.WriteLine($"BROKEN: {fault}");
    }
}
