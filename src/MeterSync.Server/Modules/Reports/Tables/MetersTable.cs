using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register, with its meter, its place and its last accepted value; an import of meters reads it back.</summary>
internal sealed class MetersTable(IReadingLedger ledger, CallerAccessor callers)
{
    private static readonly SinkColumn[] Columns =
    [
        new("serial_number"), new("meter_type"), new("status"), new("priority"), new("address", SinkColumnKind.Words), new("owner", SinkColumnKind.Words),
        new("location_id"), new("external_id"), new("latitude", SinkColumnKind.Number), new("longitude", SinkColumnKind.Number), new("register"), new("obis_code"),
        new("quantity"), new("unit"), new("digits", SinkColumnKind.Number), new("decimals", SinkColumnKind.Number), new("multiplier", SinkColumnKind.Number), new("last_reading_at", SinkColumnKind.Instant),
        new("last_reading_value", SinkColumnKind.Number), new("meter_id", SinkColumnKind.Id), new("region"),
        new("position_source"), new("installed_at", SinkColumnKind.Instant), new("removed_at", SinkColumnKind.Instant), new("time_zone"), new("access_notes", SinkColumnKind.Words),
        new("hazard_notes", SinkColumnKind.Words), new("key_number"), new("estimated_time", SinkColumnKind.Number), new("register_kind"), new("direction"),
    ];

    public async Task WriteAsync(ITableSink table, ExportInput input, CancellationToken cancellationToken)
    {
        await table.BeginAsync("meters", Columns, cancellationToken);
        await foreach (var entry in ledger.RegistersAsync(new RegisterFilter(callers.Caller.RegionsOnly, input.LocationId, input.Status, input.MeterType, input.MeterId is { } meter ? new MeterId(meter) : null), cancellationToken))
        {
            table.Texts(entry.SerialNumber, entry.MeterType, entry.Status, entry.Priority, entry.Address, entry.Owner, entry.LocationId, entry.ExternalId);
            table.Number(entry.Latitude);
            table.Number(entry.Longitude);
            table.Texts(entry.Label, entry.ObisCode, entry.Quantity, entry.Unit);
            table.Number(entry.Digits is { } digits ? digits : (long?)null);
            table.Number(entry.Decimals is { } decimals ? decimals : (long?)null);
            table.Number(entry.Multiplier);
            table.Instant(entry.LastAt);
            table.Number(entry.LastValue);
            table.Id(entry.MeterId);
            table.Texts(entry.Region, entry.PositionSource);
            table.Instant(entry.InstalledAt);
            table.Instant(entry.RemovedAt);
            table.Texts(entry.TimeZone, entry.AccessNotes, entry.HazardNotes, entry.KeyNumber);
            table.Number(entry.EstimatedMinutes is { } minutes ? minutes : (long?)null);
            table.Texts(entry.RegisterKind, entry.Direction);
            await table.EndRowAsync(cancellationToken);
        }
    }
}
