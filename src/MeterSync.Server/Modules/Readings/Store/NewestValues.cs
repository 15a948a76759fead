using System.Linq.Expressions;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MeterSync.Modules.Readings.Store;

/// <summary>The newest accepted values of a register within a time.</summary>
/// <param name="Register">Of the meter.</param>
/// <param name="At">Instant that is judged.</param>
/// <param name="Since">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Most">The newest so many.</param>
internal sealed record WantedValues(RegisterId Register, DateTimeOffset At, DateTimeOffset Since, DateTimeOffset Until, int Most);

/// <summary>Reads the newest accepted values of many registers in one query, whether it is one register or a thousand.</summary>
internal sealed class NewestValues(MeterSyncDb db)
{
    /// <summary>Behind all that is stored.</summary>
    public static readonly DateTimeOffset Ever = DateTimeOffset.MaxValue.ToStored();

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

    private static readonly Expression<Func<ReadingValue, AcceptedRow>> AsRow = value =>
        new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy);

    /// <summary>Oldest first; a register without values is absent.</summary>
    public async Task<Dictionary<RegisterId, List<AcceptedRow>>> OfAsync(List<WantedValues> wanted, CancellationToken cancellationToken)
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

    private static string Json(IEnumerable<WantedValues> wanted)
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

    private static object[] Arrays(List<WantedValues> wanted, int most) =>
    [
        new NpgsqlParameter<Guid[]>("registers", [.. wanted.Select(one => one.Register.Value)]),
        new NpgsqlParameter<DateTimeOffset[]>("since", [.. wanted.Select(one => one.Since)]),
        new NpgsqlParameter<DateTimeOffset[]>("until", [.. wanted.Select(one => one.Until)]),
        new NpgsqlParameter<int>("most", most),
    ];
}
