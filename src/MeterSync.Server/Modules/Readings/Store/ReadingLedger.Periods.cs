using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Store;

/// <content>Registers with the values of a period: one statement, so that a bill is drawn from one state of the database.</content>
internal sealed partial class ReadingLedger
{
    private const int FirstValueColumn = 14;

    // Cross joins keep SQLite on the walk in this order, so that nothing is sorted in memory.
    private const string BySerialNumber = "from meters m cross join registers g";

    // The service point is that of the meter's last installation in the period; history older than the installation's record falls back to today's.
    private const string PlaceInPeriod = """
        left join service_points p on p.id = coalesce(
          (select i.service_point_id from meter_installations i where i.meter_id = m.id and i.installed_at < @to and (i.removed_at is null or i.removed_at > @from) order by i.installed_at desc limit 1),
          m.service_point_id)
        """;

    private const string InUse = """
        g.meter_id = m.id and (m.status = 'active' or m.service_point_id is not null
          or exists (select 1 from reading_values u where u.register_id = g.id and u.state in ('accepted', 'held') and u.reading_at >= @from and u.reading_at < @to))
        """;

    private const string HeadColumns = """
        select g.id as register_id, g.meter_id, m.serial_number, m.status, g.ordinal, g.label, g.quantity, g.kind, g.direction, g.obis_code,
          p.address, p.owner, p.location_id, p.external_id,
          coalesce((select b.reading_at from reading_values b where b.register_id = g.id and b.state = 'accepted' and b.reading_at < @from order by b.reading_at desc limit 1), @from) as since
        """;

    private const string ValuesOfPeriod = """
        left join reading_values v on v.register_id = s.register_id and v.state in ('accepted', 'held') and v.reading_at < @to and v.reading_at >= s.since
          and (v.state = 'accepted' or v.reading_at >= @from)
        left join readings r on r.id = v.reading_id
        left join register_versions x on x.register_id = s.register_id
          and x.effective_from = (select y.effective_from from register_versions y where y.register_id = s.register_id and y.effective_from <= coalesce(v.reading_at, @from) order by y.effective_from desc limit 1)
        """;

    private const string AllColumns = """
        select s.register_id, s.meter_id, s.serial_number, s.status, s.ordinal, s.label, s.quantity, s.kind, s.direction, s.obis_code, s.address, s.owner, s.location_id, s.external_id,
          v.id, v.reading_id, v.reading_at, v.value, v.state, v.quality, v.flags, v.consumption, v.supersedes_id, r.received_at, x.unit, x.multiplier
        """;

    public async IAsyncEnumerable<RegisterPeriod> PeriodsAsync(PeriodFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = PeriodCommand(connection, filter);
        command.CommandText = PeriodSql(command, filter);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        RegisterPeriod? period = null;
        List<PeriodValue> values = [];
        while (await row.ReadAsync(cancellationToken))
        {
            var id = new RegisterId(source.Id(row, 0));
            var unit = ReadingLedgerSource.OptionalText(row, 24) ?? "";
            var multiplier = source.OptionalNumber(row, 25) ?? 1m;
            if (period is null || period.Register.Id != id)
            {
                if (period is not null)
                {
                    yield return period;
                }

                values = [];
                period = new RegisterPeriod(RegisterOf(row, id), unit, multiplier, values);
            }

            if (!row.IsDBNull(FirstValueColumn))
            {
                period = period with { Unit = unit, Multiplier = multiplier };
                values.Add(ValueOf(row, unit, multiplier));
            }
        }

        if (period is not null)
        {
            yield return period;
        }
    }

    public async Task<long> CountPeriodsAsync(PeriodFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = PeriodCommand(connection, filter);
        command.CommandText = $"select count(*) {BySerialNumber} {PlaceInPeriod} where {InUse}{PartOf(command, filter)}";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private DbCommand PeriodCommand(DbConnection connection, PeriodFilter filter)
    {
        var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        Add(command, "from", source.Value(filter.From));
        Add(command, "to", source.Value(filter.To));
        return command;
    }

    private string PeriodSql(DbCommand command, PeriodFilter filter)
    {
        var (place, registersOf, where) = ("", BySerialNumber, $"{InUse}{PartOf(command, filter)}");
        if (filter.Registers is { } registers)
        {
            var ids = Add(command, "ids", source.IdListValue(registers.Select(id => id.Value)));
            (place, registersOf, where) = ("s.place, ", $"from {source.IdList(ids)} listed cross join registers g cross join meters m", "g.id = listed.id and m.id = g.meter_id");
        }

        var part = filter.Limit is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $" order by {source.BinaryOrder("m.serial_number")}, g.ordinal limit {limit} offset {filter.Skip}")
            : "";
        return $"""
            {AllColumns}
            from ({HeadColumns}{(place.Length > 0 ? ", listed.place" : "")} {registersOf} {PlaceInPeriod} where {where}{part}) s
            {ValuesOfPeriod}
            order by {place}{source.BinaryOrder("s.serial_number")}, s.ordinal, v.reading_at, r.received_at, v.id
            """;
    }

    private string PartOf(DbCommand command, PeriodFilter filter)
    {
        var ofLocation = filter.LocationId is { } location ? $" and p.location_id = {Add(command, "location", location)}" : "";
        if (filter.Regions is not { } regions)
        {
            return ofLocation;
        }

        // The meter as it is seen today; and the row shows the place of the period.
        return $"{ofLocation} and {MeterScope.SqlAt(source.Provider, "m.service_point_id", regions)} and p.region_id {MeterScope.SqlIn(source.Provider, regions)}";
    }

    private LedgerRegister RegisterOf(DbDataReader row, RegisterId id) => new(
        id,
        new MeterId(source.Id(row, 1)),
        row.GetString(2),
        Terms<MeterStatus>.Parse(row.GetString(3)),
        row.GetInt32(4),
        row.GetString(5),
        row.GetString(6),
        Terms<RegisterKind>.Parse(row.GetString(7)),
        Terms<FlowDirection>.Parse(row.GetString(8)),
        ReadingLedgerSource.OptionalText(row, 9),
        ReadingLedgerSource.OptionalText(row, 10),
        ReadingLedgerSource.OptionalText(row, 11),
        ReadingLedgerSource.OptionalText(row, 12),
        ReadingLedgerSource.OptionalText(row, 13));

    private PeriodValue ValueOf(DbDataReader row, string unit, decimal multiplier) => new(
        new ReadingValueId(source.Id(row, 14)),
        new ReadingId(source.Id(row, 15)),
        source.Instant(row, 16),
        source.Number(row, 17),
        Terms<ReadingState>.Parse(row.GetString(18)),
        Terms<Quality>.Parse(row.GetString(19)),
        row.GetString(20),
        source.OptionalNumber(row, 21),
        source.OptionalId(row, 22) is { } superseded ? new ReadingValueId(superseded) : null,
        source.Instant(row, 23),
        unit,
        multiplier);
}
