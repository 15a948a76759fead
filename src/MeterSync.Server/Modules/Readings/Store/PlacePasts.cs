using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>What meter exchanges mean for registers: where counting began anew, and what the registers before counted at the same place.
/// Asks nothing for meters that no exchange put where they are.</summary>
internal sealed class PlacePasts(MeterSyncDb db, IMeterRegistry meters)
{
    /// <summary>Exchanges at one place in three years.</summary>
    private const int MostExchanges = 4;

    private static readonly IReadOnlyDictionary<RegisterId, RegisterSegments> None = new Dictionary<RegisterId, RegisterSegments>();

    /// <summary>By register; those that are whole are absent. Two queries and two for each exchange one behind the other, none for meters without one.</summary>
    /// <param name="of">Meters.</param>
    /// <param name="at">Instant that is judged: what ended three years before is not looked for.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask<IReadOnlyDictionary<RegisterId, RegisterSegments>> OfAsync(IEnumerable<MeterForReading> of, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var exchanged = of.Where(meter => meter.SegmentFrom is not null).ToList();
        if (exchanged.Count == 0)
        {
            return None;
        }

        var begins = await BeginsAsync(exchanged, cancellationToken);
        var heirs = exchanged.Where(meter => at - meter.SegmentFrom < JudgeReadings.Past)
            .SelectMany(meter => meter.Registers.Where(register => register.PredecessorId is not null).Select(register => new Heir(register.Id, register.PredecessorId!.Value, meter.SegmentFrom!.Value))).ToList();
        var inherited = await InheritedAsync(heirs, cancellationToken);
        return exchanged.SelectMany(meter => meter.Registers.Select(register => (register.Id, Segments: new RegisterSegments(begins[meter.Id], inherited.GetValueOrDefault(register.Id) ?? []))))
            .ToDictionary(pair => pair.Id, pair => pair.Segments);
    }

    private async Task<Dictionary<MeterId, List<DateTimeOffset>>> BeginsAsync(List<MeterForReading> exchanged, CancellationToken cancellationToken)
    {
        var known = await meters.PlacedAsync(exchanged.ConvertAll(meter => meter.Id), cancellationToken);
        return exchanged.ToDictionary(meter => meter.Id, meter => known[meter.Id].Append(meter.SegmentFrom!.Value).Distinct().Order().ToList());
    }

    private async Task<Dictionary<RegisterId, List<PeriodUse>>> InheritedAsync(List<Heir> heirs, CancellationToken cancellationToken)
    {
        var inherited = new Dictionary<RegisterId, List<PeriodUse>>();
        for (var depth = 0; depth < MostExchanges && heirs.Count > 0; depth++)
        {
            var of = heirs.Select(heir => heir.Of).Distinct().ToList();
            var since = heirs.Min(heir => heir.Until) - JudgeReadings.Past;
            var rows = (await db.Set<ReadingValue>().AsNoTracking()
                .Where(value => of.Contains(value.RegisterId) && value.ReadingAt >= since && value.State == ReadingState.Accepted)
                .OrderBy(value => value.ReadingAt).ThenBy(value => value.Id)
                .Select(value => new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy))
                .ToListAsync(cancellationToken)).ToLookup(row => row.RegisterId);
            var before = await meters.PredecessorsAsync(of, cancellationToken);
            var next = new List<Heir>();
            foreach (var heir in heirs)
            {
                var own = rows[heir.Of].Where(row => row.At <= heir.Until).ToList();
                // Its first value at this place has no use: what lies before was counted elsewhere.
                var first = Math.Max(own.FindLastIndex(row => row.Consumption is null), 0);
                var periods = Enumerable.Range(first + 1, Math.Max(own.Count - first - 1, 0)).Select(index => Period(own[index - 1], own[index]));
                inherited[heir.For] = [.. periods, .. inherited.GetValueOrDefault(heir.For) ?? []];
                if (own.Count > 0 && own[first].Consumption is null && before.TryGetValue(heir.Of, out var earlier))
                {
                    next.Add(new Heir(heir.For, earlier, own[first].At));
                }
            }

            heirs = next;
        }

        return inherited;
    }

    private static PeriodUse Period(AcceptedRow from, AcceptedRow to) => PeriodUse.Of(from.At, to.At, to.Consumption!.Value, to.Quality, FlagText.Split(to.Flags));

    /// <param name="For">The register that is judged.</param>
    /// <param name="Of">One that counted before it.</param>
    /// <param name="Until">When that one was taken away.</param>
    private readonly record struct Heir(RegisterId For, RegisterId Of, DateTimeOffset Until);
}
