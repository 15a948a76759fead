using System.Linq.Expressions;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Modules.Readings.Store;

/// <summary>A visit about to be judged: some registers of one locked meter at one instant.</summary>
internal sealed record Visited(MeterForReading Meter, IReadOnlyList<RegisterForReading> Registers, DateTimeOffset At);

/// <summary>Opens the ledgers of many meters as <see cref="JudgeReadings.OpenAsync"/> does one, in as many queries whether it is one meter or a thousand.</summary>
internal sealed class OpenLedgers(MeterSyncDb db, NewestValues newest, PlacePasts pasts, ICycleWindows cycles, IdSource ids)
{
    private const int OlderValues = 4;

    /// <param name="visits">One of each meter.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>By meter.</returns>
    public async Task<IReadOnlyDictionary<MeterId, MeterLedger>> OpenAsync(IReadOnlyList<Visited> visits, CancellationToken cancellationToken)
    {
        var wanted = visits.SelectMany(visit => visit.Registers.Select(register => Of(visit, register.Id))).ToList();
        var rows = await newest.OfAsync(wanted, cancellationToken);
        var older = wanted.Where(one => one.Since > DateTimeOffset.MinValue && (!rows.TryGetValue(one.Register, out var found) || found[0].At >= one.At))
            .Select(one => one with { Since = DateTimeOffset.MinValue, Until = one.Since, Most = OlderValues }).ToList();
        foreach (var (register, before) in older.Count == 0 ? [] : await newest.OfAsync(older, cancellationToken))
        {
            rows[register] = rows.TryGetValue(register, out var found) ? [.. before, .. found] : before;
        }

        var segments = await pasts.OfAsync(visits.Select(visit => visit.Meter), visits.Min(visit => visit.At), cancellationToken);
        var own = await OwnAsync(wanted, rows, cancellationToken);
        return visits.ToDictionary(visit => visit.Meter.Id, visit =>
        {
            var cycle = cycles.OfMeter(visit.Meter.Id, visit.At);
            return new MeterLedger(
                visit.Meter,
                [.. visit.Registers.Select(register => new RegisterLedger(visit.Meter, register, rows.GetValueOrDefault(register.Id) ?? [], segments.GetValueOrDefault(register.Id)) { Cycle = cycle, Own = own.GetValueOrDefault(register.Id) })]);
        });
    }

    private static WantedValues Of(Visited visit, RegisterId register)
    {
        var last = visit.Meter.Last;
        var since = last is null ? DateTimeOffset.MinValue : (visit.At < last.At ? visit.At : last.At) - JudgeReadings.Past;
        return new WantedValues(register, visit.At, since, NewestValues.Ever, last is null || visit.At >= last.At ? JudgeReadings.MostInOrder : JudgeReadings.MostWhenLate);
    }

    /// <summary>By register, those whose neighbours of the instant are estimates that were made here. One query, none without an estimate.</summary>
    private async Task<Dictionary<RegisterId, OwnEstimates>> OwnAsync(List<WantedValues> wanted, Dictionary<RegisterId, List<AcceptedRow>> rows, CancellationToken cancellationToken)
    {
        var beside = wanted.Select(one => (one.Register, Ids: rows.TryGetValue(one.Register, out var found) ? JudgeReadings.EstimatesBeside(found, one.At) : null)).Where(one => one.Ids is not null).ToList();
        var asked = beside.SelectMany(one => one.Ids!).ToList();
        if (asked.Count == 0)
        {
            return [];
        }

        var found = await db.Set<ReadingValue>().AsNoTracking().Where(value => asked.Contains(value.Id) && value.Estimate != null).Select(value => new { value.Id, value.Estimate }).ToDictionaryAsync(row => row.Id, cancellationToken);
        return beside.Where(one => one.Ids!.Exists(found.ContainsKey))
            .ToDictionary(one => one.Register, one => new OwnEstimates(one.Ids!.Where(found.ContainsKey).ToDictionary(id => id, id => StoredEstimate.WindowOf(found[id].Estimate)), ids));
    }
}
