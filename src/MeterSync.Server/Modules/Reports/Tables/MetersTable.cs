using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register, with its meter, its place and its last accepted value.</summary>
internal sealed class MetersTable(IReadingLedger ledger, CallerAccessor callers)
{
    private static readonly SinkColumn[] Columns =
    [
        new("serial_number"), new("meter_type"), new("status"), new("priority"), new("address", SinkColumnKind.Words), new("owner", SinkColumnKind.Words),
        new("location_id"), new("external_id"), new("latitude", SinkColumnKind.Number), new("longitude", SinkColumnKind.Number), new("register"), new("obis_code"),
        new("quantity"), new("unit"), new("digits", SinkColumnKind.Number), new("decimals", SinkColumnKind.Number), new("multiplier", SinkColumnKind.Number), new("last_reading_at", SinkColumnKind.Instant),
        new("last_reading_value", SinkColumnKind.Number), new("meter_id", SinkColumnKind.Id), new("region"),
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
            table.Text(entry.Region);
            await table.EndRowAsync(cancellationToken);
        }
    }
}
