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
internal sealed class OpenLedgers(MeterSyncDb db, PlacePasts pasts, ICycleWindows cycles, IdSource ids)
{
    private const int OlderValues = 4;

    // A scalar question to the index finds where the newest values begin, so that no long history is read to its end.
    private const string OnSqlite = """
        select v.* from json_each({0}) a cross join reading_values v
        where v.register_id = unhex(a.value ->> 0) and v.state = 'accepted' and v.reading_at < a.value ->> 2 and v.reading_at >= max(a.value ->> 1, coalesce(
          (select x.reading_at from reading_values x where x.register_id = unhex(a.value ->> 0) and x.state = 'accepted' and x.reading_at < a.value ->> 2 order by x.reading_at desc limit 1 offset {1}), a.value ->> 1))
        """;

    private const string OnPostgres = """
        select v.* from unnest(@registers, @since, @until) as a (register_id, since, until)
        cross join lateral (select * from reading_values x where x.register_id = a.register_id and x.state = 'accepted' and x.reading_at >= a.since and x.reading_at < a.until order by x.reading_at desc, x.id desc limit @most) v
        """;

    private static readonly DateTimeOffset Ever = DateTimeOffset.MaxValue.ToStored();

    private static readonly Expression<Func<ReadingValue, AcceptedRow>> AsRow = value =>
        new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy);

    /// <param name="visits">One of each meter.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>By meter.</returns>
    public async Task<IReadOnlyDictionary<MeterId, MeterLedger>> OpenAsync(IReadOnlyList<Visited> visits, CancellationToken cancellationToken)
    {
        var wanted = visits.SelectMany(visit => visit.Registers.Select(register => Of(visit, register.Id))).ToList();
        var rows = await RowsAsync(wanted, cancellationToken);
        var older = wanted.Where(one => one.Since > DateTimeOffset.MinValue && (!rows.TryGetValue(one.Register, out var found) || found[0].At >= one.At))
            .Select(one => one with { Since = DateTimeOffset.MinValue, Until = one.Since, Most = OlderValues }).ToList();
        foreach (var (register, before) in older.Count == 0 ? [] : await RowsAsync(older, cancellationToken))
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

    private static Wanted Of(Visited visit, RegisterId register)
    {
        var last = visit.Meter.Last;
        var since = last is null ? DateTimeOffset.MinValue : (visit.At < last.At ? visit.At : last.At) - JudgeReadings.Past;
        return new Wanted(register, visit.At, since, Ever, last is null || visit.At >= last.At ? JudgeReadings.MostInOrder : JudgeReadings.MostWhenLate);
    }

    /// <summary>Oldest first; a register without values is absent.</summary>
    private async Task<Dictionary<RegisterId, List<AcceptedRow>>> RowsAsync(List<Wanted> wanted, CancellationToken cancellationToken)
    {
        var rows = new List<AcceptedRow>();
        // Nearly all are asked for the same number.
        foreach (var group in wanted.GroupBy(one => one.Most))
        {
            var values = db.IsSqlite ? db.Set<ReadingValue>().FromSqlRaw(OnSqlite, Json(group), group.Key - 1) : db.Set<ReadingValue>().FromSqlRaw(OnPostgres, Arrays([.. group], group.Key));
            rows.AddRange(await values.AsNoTracking().Select(AsRow).ToListAsync(cancellationToken));
        }

        return rows.GroupBy(row => row.RegisterId).ToDictionary(group => group.Key, group => group.OrderBy(row => row.At).ThenBy(row => row.Id.Value).ToList());
    }

    private static string Json(IEnumerable<Wanted> wanted)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var one in wanted)
            {
                json.WriteStartArray();
                json.WriteStringValue(Convert.ToHexString(one.Register.Value.ToByteArray(true)));
                json.WriteNumberValue(one.Since.ToUnixMicroseconds());
                json.WriteNumberValue(one.Until.ToUnixMicroseconds());
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static object[] Arrays(List<Wanted> wanted, int most) =>
    [
        new NpgsqlParameter<Guid[]>("registers", [.. wanted.Select(one => one.Register.Value)]),
        new NpgsqlParameter<DateTimeOffset[]>("since", [.. wanted.Select(one => one.Since)]),
        new NpgsqlParameter<DateTimeOffset[]>("until", [.. wanted.Select(one => one.Until)]),
        new NpgsqlParameter<int>("most", most),
    ];

    /// <summary>By register, those whose neighbours of the instant are estimates that were made here. One query, none without an estimate.</summary>
    private async Task<Dictionary<RegisterId, OwnEstimates>> OwnAsync(List<Wanted> wanted, Dictionary<RegisterId, List<AcceptedRow>> rows, CancellationToken cancellationToken)
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

    /// <param name="Register">Of the meter.</param>
    /// <param name="At">Instant that is judged.</param>
    /// <param name="Since">Inclusive.</param>
    /// <param name="Until">Exclusive.</param>
    /// <param name="Most">The newest so many.</param>
    private sealed record Wanted(RegisterId Register, DateTimeOffset At, DateTimeOffset Since, DateTimeOffset Until, int Most);
}
