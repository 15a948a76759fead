using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Npgsql;

namespace MeterSync.Modules.Readings.Store;

/// <summary>The accepted values of a meter's main register that bear on an instant, asked for together with the meter itself. The same rows as
/// <see cref="JudgeReadings"/> would ask for afterwards, but for the value each was counted from, which judging does not look at; the statement finds
/// the register and the newest reading by itself. What is the same for nearly every row does not travel with it.</summary>
internal sealed class MainPast(MeterId meter, DateTimeOffset at) : Rider
{
    private static readonly string Sql = string.Create(CultureInfo.InvariantCulture, $"""
        select v.id, v.register_id, v.reading_at, v.value, nullif(v.quality, '{Terms<Quality>.WordOf(Quality.Valid)}'), nullif(v.flags, ''), v.consumption, v.read_by
        from reading_values v
        where v.register_id = (select g.id from registers g where g.meter_id = $1 order by g.ordinal limit 1) and v.state = 'accepted'
          and v.reading_at >= coalesce((select least(l.reading_at, $2) - interval '{(long)JudgeReadings.Past.TotalSeconds} seconds' from meter_last_readings l where l.meter_id = $1), '-infinity')
        order by v.reading_at desc, v.id desc
        limit (select case when exists (select 1 from meter_last_readings l where l.meter_id = $1 and l.reading_at > $2) then {JudgeReadings.MostWhenLate} else {JudgeReadings.MostInOrder} end)
        """);

    /// <summary>Newest first.</summary>
    public List<AcceptedRow> Rows { get; } = new(64);

    /// <summary>Whether the rows answer for this register and instant.</summary>
    public bool Covers(RegisterForReading register, MeterForReading ofMeter, DateTimeOffset instant) =>
        Arrived && instant >= at && register.Id == ofMeter.Registers[0].Id;

    public override NpgsqlBatchCommand Command() => new(Sql)
    {
        Parameters = { new NpgsqlParameter<Guid> { TypedValue = meter.Value }, new NpgsqlParameter<DateTimeOffset> { TypedValue = at } },
    };

    protected override async Task ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        RegisterId? register = null;
        while (await rows.ReadAsync(cancellationToken))
        {
            Rows.Add(new AcceptedRow(
                new ReadingValueId(rows.GetGuid(0)),
                register ??= new RegisterId(rows.GetGuid(1)),
                rows.GetFieldValue<DateTimeOffset>(2),
                rows.GetDecimal(3).Plain(),
                rows.IsDBNull(4) ? Quality.Valid : Terms<Quality>.Parse(rows.GetString(4)),
                rows.IsDBNull(5) ? "" : rows.GetString(5),
                rows.IsDBNull(6) ? null : rows.GetDecimal(6).Plain(),
                null,
                rows.IsDBNull(7) ? null : rows.GetString(7)));
        }
    }
}
