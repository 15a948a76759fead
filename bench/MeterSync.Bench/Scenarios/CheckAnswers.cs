using System.Text.Json;
using MeterSync.Bench.Fleet;
using MeterSync.Bench.Http;
using MeterSync.Bench.Load;

namespace MeterSync.Bench.Scenarios;

/// <summary>Asks each kind of list and compares totals, order, filters and values with the generated fleet, before anything is measured.
/// The totals of held readings hang on each server's own rules, so they are reported and not judged.</summary>
internal static class CheckAnswers
{
    public static int Run(Options options)
    {
        var fleet = MeterFleet.FromOptions(options);
        foreach (var target in options.All("target").Select(Target.Parse))
        {
            target.SignIn();
            target.LearnMeterIds(fleet);
            Check(fleet, target, options.Number("each", 25));
        }
        return 0;
    }

    public static void Check(MeterFleet fleet, Target target, int each)
    {
        var random = new Random(5);
        var totals = new ReadMix.Totals(fleet);
        using var connection = new HttpConnection(target.Address);
        var (heldSeen, heldExpected) = (0, 0);
        for (var kind = 0; kind < ReadMix.Kinds.Length; kind++)
        {
            for (var i = 0; i < each; i++)
            {
                var request = ReadMix.Make(kind, fleet, target, random, totals);
                using var answer = target.Ask(connection, request.Bytes);
                var data = answer.RootElement.GetProperty("data");
                var total = data.GetProperty("total").GetInt32();
                if (kind == 3)
                    (heldSeen, heldExpected) = (heldSeen + total, heldExpected + request.ExpectedTotal);
                else if (total != request.ExpectedTotal)
                    throw new BenchFailedException($"{target.Name}: {ReadMix.Kinds[kind]} has total {total}, right is {request.ExpectedTotal}.");
                CheckItems(target, ReadMix.Kinds[kind], data, total);
            }
        }
        CheckNewest(fleet, target, connection, random);
        Console.WriteLine($"{target.Name}: {ReadMix.Kinds.Length * each} lists right; held readings {heldSeen}, misreads made {heldExpected}");
    }

    private static void CheckItems(Target target, string kind, JsonElement data, int total)
    {
        var times = data.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("reading_timestamp").GetDateTimeOffset()).ToArray();
        var skipped = (data.GetProperty("page").GetInt32() - 1) * 20;
        if (times.Length != Math.Clamp(total - skipped, 0, 20))
            throw new BenchFailedException($"{target.Name}: {kind} lists {times.Length} of {total} readings.");
        if (times.Zip(times.Skip(1)).Any(pair => pair.First < pair.Second))
            throw new BenchFailedException($"{target.Name}: {kind} is not newest first.");
    }

    private static void CheckNewest(MeterFleet fleet, Target target, HttpConnection connection, Random random)
    {
        for (var i = 0; i < 20; i++)
        {
            var meter = fleet.Meters[random.Next(fleet.Meters.Length)];
            var at = ((meter.Index + 1) * fleet.Months) - 1;
            var filter = new ReadMix.ReadFilter(meter.Index, fleet.Timestamps[at], fleet.Timestamps[at].AddSeconds(1), false);
            using var answer = target.Ask(connection, target.Get(filter.Path(target, 1)));
            var item = answer.RootElement.GetProperty("data").GetProperty("items")[0];
            var value = item.GetProperty("reading_value").GetDecimal();
            var right = decimal.Parse(FleetFiles.Value(fleet.ValuesScaled[at], meter.Decimals), System.Globalization.CultureInfo.InvariantCulture);
            if (value != right || item.GetProperty("meter_id").GetString() != target.MeterIds[meter.Index])
                throw new BenchFailedException($"{target.Name}: {meter.SerialNumber} reads {value}, right is {right}.");
        }
    }
}
