using System.Globalization;
using MeterSync.Bench.Fleet;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Load;

/// <summary>What a back office asks GET /readings for, as shares of a hundred. Every request names a limit of 20 and gets an exact total.</summary>
internal static class ReadMix
{
    /// <summary>Names by kind, in the order of <see cref="s_shares"/>.</summary>
    public static readonly string[] Kinds = ["one meter", "one meter, one year", "one day", "held in one month", "one month", "one month, later page"];

    private static readonly int[] s_shares = [40, 20, 15, 10, 10, 5];

    public static PreparedRequest[] Prepare(MeterFleet fleet, Target target, int count, int seed)
    {
        var random = new Random(seed);
        var totals = new Totals(fleet);
        return [.. Enumerable.Range(0, count).Select(_ => Make(Pick(random), fleet, target, random, totals))];
    }

    public static PreparedRequest Make(int kind, MeterFleet fleet, Target target, Random random, Totals totals)
    {
        var meter = random.Next(fleet.Meters.Length);
        var month = random.Next(fleet.Months);
        var start = fleet.FirstMonth.AddMonths(month);
        var filter = kind switch
        {
            0 => new ReadFilter(meter, null, null, false),
            1 => new ReadFilter(meter, fleet.FirstMonth.AddMonths(random.Next(fleet.Months - 12)), null, false).For(12),
            2 => new ReadFilter(null, start.AddDays(random.Next(28)), null, false),
            3 => new ReadFilter(null, start, start.AddMonths(1), true),
            _ => new ReadFilter(null, start, start.AddMonths(1), false),
        };
        if (kind == 2)
            filter = filter with { To = filter.From!.Value.AddDays(1) };
        var total = totals.Of(filter);
        var page = kind == 5 ? 2 + random.Next(24) : 1;
        return new(kind, target.Get(filter.Path(target, page)), total);
    }

    private static int Pick(Random random)
    {
        var point = random.Next(100);
        var kind = 0;
        while ((point -= s_shares[kind]) >= 0)
            kind++;
        return kind;
    }

    /// <summary>Right totals, each counted once: there are only some thousands of different spans of time.</summary>
    internal sealed class Totals(MeterFleet fleet)
    {
        private readonly Dictionary<ReadFilter, int> _known = [];

        public int Of(ReadFilter filter)
        {
            if (!_known.TryGetValue(filter, out var total))
                _known[filter] = total = fleet.Count(filter.Meter, filter.From, filter.To, filter.HeldOnly);
            return total;
        }
    }

    /// <summary>Null means any; <paramref name="To"/> is exclusive.</summary>
    internal sealed record ReadFilter(int? Meter, DateTimeOffset? From, DateTimeOffset? To, bool HeldOnly)
    {
        public ReadFilter For(int months) => this with { To = From!.Value.AddMonths(months) };

        public string Path(Target target, int page)
        {
            var path = "/api/v1/readings?limit=20";
            if (Meter is { } meter)
                path += "&meter_id=" + target.MeterIds[meter];
            if (HeldOnly)
                path += "&state=held";
            if (From is { } from)
                path += "&from=" + FleetFiles.Instant(from);
            if (To is { } to)
                path += "&to=" + FleetFiles.Instant(to);
            return page == 1 ? path : path + string.Create(CultureInfo.InvariantCulture, $"&page={page}");
        }
    }
}
