using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Store;

/// <content>The list of registers with their last accepted values.</content>
internal sealed partial class ReadingLedger
{
    private const string RegisterColumns = """
        select m.id, m.serial_number, m.meter_type, m.status, m.priority, g.ordinal, g.label, g.obis_code, g.quantity, x.unit, x.digits, x.decimals, x.multiplier,
          p.address, p.latitude, p.longitude, p.location_id, p.owner, p.external_id, v.reading_at, v.value, z.name,
          p.position_source, i.installed_at, m.removed_at, p.time_zone, p.access_notes, p.hazard_notes, p.key_number, m.estimated_minutes, g.kind, g.direction
        from meters m
        cross join registers g
        left join service_points p on p.id = m.service_point_id
        left join regions z on z.id = p.region_id
        left join meter_installations i on i.meter_id = m.id and i.removed_at is null
        left join register_versions x on x.register_id = g.id
          and x.effective_from = (select y.effective_from from register_versions y where y.register_id = g.id order by y.effective_from desc limit 1)
        left join reading_values v on v.id = (select b.id from reading_values b where b.register_id = g.id and b.state = 'accepted' order by b.reading_at desc limit 1)
        where g.meter_id = m.id
        """;

    /// <summary>What stands for an installation whose day nobody knows.</summary>
    private static readonly DateTimeOffset SinceEver = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async IAsyncEnumerable<RegisterEntry> RegistersAsync(RegisterFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        var location = filter.LocationId is { } place ? $" and p.location_id = {Add(command, "location", place)}" : "";
        var status = filter.Status is { } wanted ? $" and m.status = {Add(command, "status", Terms<MeterStatus>.WordOf(wanted))}" : "";
        var type = filter.Type is { } kind ? $" and m.meter_type = {Add(command, "type", Terms<MeterType>.WordOf(kind))}" : "";
        var part = filter.Regions is { } regions ? $" and p.region_id {MeterScope.SqlIn(source.Provider, regions)}" : "";
        var meter = filter.MeterId is { } one ? $" and m.id = {Add(command, "meter", source.Value(one.Value))}" : "";
        command.CommandText = $"{RegisterColumns}{location}{status}{type}{meter}{part} order by {source.BinaryOrder("m.serial_number")}, g.ordinal";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            yield return new RegisterEntry(
                source.Id(row, 0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetInt32(5),
                row.GetString(6),
                ReadingLedgerSource.OptionalText(row, 7),
                row.GetString(8),
                ReadingLedgerSource.OptionalText(row, 9),
                row.IsDBNull(10) ? null : row.GetInt32(10),
                row.IsDBNull(11) ? null : row.GetInt32(11),
                source.OptionalNumber(row, 12),
                ReadingLedgerSource.OptionalText(row, 13),
                row.IsDBNull(14) ? null : row.GetDouble(14),
                row.IsDBNull(15) ? null : row.GetDouble(15),
                ReadingLedgerSource.OptionalText(row, 16),
                ReadingLedgerSource.OptionalText(row, 17),
                ReadingLedgerSource.OptionalText(row, 18),
                source.OptionalInstant(row, 19),
                source.OptionalNumber(row, 20),
                ReadingLedgerSource.OptionalText(row, 21))
            {
                PositionSource = row.IsDBNull(14) ? null : ReadingLedgerSource.OptionalText(row, 22),
                InstalledAt = source.OptionalInstant(row, 23) is { } installed && installed > SinceEver ? installed : null,
                RemovedAt = source.OptionalInstant(row, 24),
                TimeZone = ReadingLedgerSource.OptionalText(row, 25),
                AccessNotes = ReadingLedgerSource.OptionalText(row, 26),
                HazardNotes = ReadingLedgerSource.OptionalText(row, 27),
                KeyNumber = ReadingLedgerSource.OptionalText(row, 28),
                EstimatedMinutes = row.IsDBNull(29) ? null : row.GetInt32(29),
                RegisterKind = row.GetString(30),
                Direction = row.GetString(31),
            };
        }
    }
}
