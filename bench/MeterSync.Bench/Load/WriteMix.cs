using System.Globalization;
using MeterSync.Bench.Fleet;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Load;

/// <summary>Readings as agents submit them, each meter once a round in shuffled order: 94 of 100 ordinary, 3 far too high and 3 below the previous
/// reading (both must be held). A later round reads the same meters again, an hour of use further.</summary>
internal sealed class WriteMix(MeterFleet fleet, Target target, DateTimeOffset firstRound, int seed)
{
    public static readonly string[] Kinds = ["ordinary", "too high", "below previous"];

    private readonly Random _random = new(seed);
    private readonly long[] _lastAccepted = [.. fleet.Meters.Select(m => fleet.ValuesScaled[((m.Index + 1) * fleet.Months) - 1])];
    private readonly DateTimeOffset[] _lastAt = [.. fleet.Meters.Select(m => fleet.Timestamps[((m.Index + 1) * fleet.Months) - 1])];
    private readonly Queue<int> _order = new();
    private int _round = -1;

    /// <summary>The next requests of this target; the values go on from those of the call before.</summary>
    public PreparedRequest[] Prepare(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    private PreparedRequest Next()
    {
        if (_order.Count == 0)
        {
            var shuffled = Enumerable.Range(0, fleet.Meters.Length).ToArray();
            _random.Shuffle(shuffled);
            Array.ForEach(shuffled, _order.Enqueue);
            _round++;
        }
        var meter = fleet.Meters[_order.Dequeue()];
        var at = firstRound.AddHours(_round).AddSeconds(_random.Next(3000));
        var days = (at - _lastAt[meter.Index]).TotalDays;
        var season = 1 + (meter.Swing * Math.Cos((at.Month - 1) * Math.PI / 6));
        var use = meter.DailyScaled * days * season * (0.85 + (0.3 * _random.NextDouble()));
        var kind = _round > 0 ? 0 : _random.Next(100) switch { < 94 => 0, < 97 => 1, _ => 2 };
        // Twelve times the ordinary use is above twice any baseline and, with the drums these meters have, never a rollover.
        var value = _lastAccepted[meter.Index] + (long)(kind switch { 0 => use, 1 => use * 12, _ => -1 - (meter.DailyScaled * _random.NextDouble() * 10) });
        if (kind == 0)
            (_lastAccepted[meter.Index], _lastAt[meter.Index]) = (value, at);
        value = Math.Max(0, value);
        var json = string.Create(CultureInfo.InvariantCulture, $$"""{"meter_id":"{{target.MeterIds[meter.Index]}}","client_id":"{{Guid.CreateVersion7(at)}}","reading_value":{{FleetFiles.Value(value, meter.Decimals)}},"reading_timestamp":"{{FleetFiles.Instant(at)}}","source":"manual","notes":null}""");
        return new(kind, target.Post("/api/v1/readings", json), ExpectHeld: kind != 0);
    }
}
