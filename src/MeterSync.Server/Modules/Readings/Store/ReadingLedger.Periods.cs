using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Store;

/// <content>Registers with the values of a period: one statement, so that a bill is drawn from one state of the database.</content>
internal sealed partial class ReadingLedger
{
    private const int FirstValueColumn = 16;

    // Cross joins keep SQLite on the walk in this order, so that nothing is sorted in memory.
    private const string BySerialNumber = "from meters m cross join registers g";

    // One row for each time the meter was somewhere in the period; the last value of an installation is read at its very end.
    private const string Installations = """
        left join meter_installations i on i.meter_id = m.id and i.installed_at < @to and (i.removed_at is null or i.removed_at >= @from)
        left join service_points p on p.id = coalesce(i.service_point_id,
          case when not exists (select 1 from meter_installations e where e.meter_id = m.id and e.installed_at < @to) then m.service_point_id end)
        """;

    // Without an installation in the period: one whose record begins later, or that has none, is taken to be where it is today. One that was in store is nowhere.
    private const string InUse = """
        g.meter_id = m.id and (i.meter_id is not null or (not exists (select 1 from meter_installations e where e.meter_id = m.id and e.installed_at < @to)
          and (((m.status = 'active' or m.service_point_id is not null) and not exists (select 1 from meter_installations n where n.meter_id = m.id))
            or exists (select 1 from reading_values u where u.register_id = g.id and u.state in ('accepted', 'held') and u.reading_at >= @from and u.reading_at < @to))))
        """;

    // What a meter counted before it came to this place belongs to another one.
    private const string HeadColumns = """
        select g.id as register_id, g.meter_id, m.serial_number, m.status, g.ordinal, g.label, g.quantity, g.kind, g.direction, g.obis_code,
          p.address, p.owner, p.location_id, p.external_id, i.installed_at, i.removed_at,
          (select max(e.installed_at) from meter_installations e where e.meter_id = m.id and e.installed_at < i.installed_at) as elsewhere,
          (select b.reading_at from reading_values b where b.register_id = g.id and b.state = 'accepted' and b.reading_at < @from order by b.reading_at desc limit 1) as last_before
        """;

    private const string ValuesOfPeriod = """
        left join reading_values v on v.register_id = s.register_id and v.state in ('accepted', 'held') and v.reading_at < @to and v.reading_at >= coalesce(s.last_before, @from)
          and (v.state = 'accepted' or v.reading_at >= @from) and (s.elsewhere is null or v.reading_at >= s.installed_at) and (s.removed_at is null or v.reading_at <= s.removed_at)
        left join readings r on r.id = v.reading_id
        left join register_versions x on x.register_id = s.register_id
          and x.effective_from = (select y.effective_from from register_versions y where y.register_id = s.register_id and y.effective_from <= coalesce(v.reading_at, @from) order by y.effective_from desc limit 1)
        """;

    private const string AllColumns = """
        select s.register_id, s.meter_id, s.serial_number, s.status, s.ordinal, s.label, s.quantity, s.kind, s.direction, s.obis_code, s.address, s.owner, s.location_id, s.external_id,
          s.installed_at, s.removed_at, v.id, v.reading_id, v.reading_at, v.value, v.state, v.quality, v.flags, v.consumption, v.supersedes_id, r.received_at, x.unit, x.multiplier, v.estimate
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
            var unit = ReadingLedgerSource.OptionalText(row, 26) ?? "";
            var multiplier = source.OptionalNumber(row, 27) ?? 1m;
            var installedAt = source.OptionalInstant(row, 14);
            if (period is null || period.Register.Id != id || period.Register.InstalledAt != installedAt)
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
        command.CommandText = $"select count(*) {BySerialNumber} {Installations} where {InUse}{PartOf(command, filter)}";
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
            ? string.Create(CultureInfo.InvariantCulture, $" order by {source.BinaryOrder("m.serial_number")}, g.ordinal, i.installed_at limit {limit} offset {filter.Skip}")
            : "";
        return $"""
            {AllColumns}
            from ({HeadColumns}{(place.Length > 0 ? ", listed.place" : "")} {registersOf} {Installations} where {where}{part}) s
            {ValuesOfPeriod}
            order by {place}{source.BinaryOrder("s.serial_number")}, s.ordinal, s.installed_at, v.reading_at, r.received_at, v.id
            """;
    }

    private string PartOf(DbCommand command, PeriodFilter filter)
    {
        var ofLocation = filter.LocationId is { } location ? $" and p.location_id = {Add(command, "location", location)}" : "";
        if (filter.Regions is not { } regions)
        {
            return ofLocation;
        }

        return $"{ofLocation} and p.region_id {MeterScope.SqlIn(source.Provider, regions)}";
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
        ReadingLedgerSource.OptionalText(row, 13))
    {
        InstalledAt = source.OptionalInstant(row, 14),
        RemovedAt = source.OptionalInstant(row, 15),
    };

    private PeriodValue ValueOf(DbDataReader row, string unit, decimal multiplier) => new(
        new ReadingValueId(source.Id(row, 16)),
        new ReadingId(source.Id(row, 17)),
        source.Instant(row, 18),
        source.Number(row, 19),
        Terms<ReadingState>.Parse(row.GetString(20)),
        Terms<Quality>.Parse(row.GetString(21)),
        row.GetString(22),
        source.OptionalNumber(row, 23),
        source.OptionalId(row, 24) is { } superseded ? new ReadingValueId(superseded) : null,
        source.Instant(row, 25),
        unit,
        multiplier)
    {
        Estimate = StoredEstimate.Of(ReadingLedgerSource.OptionalText(row, 28))?.Explanation,
    };
}
