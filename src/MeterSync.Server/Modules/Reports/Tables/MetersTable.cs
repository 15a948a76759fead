using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.ExportCsv;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register, with its meter, its place and its last accepted value.</summary>
internal sealed class MetersTable(IReadingLedger ledger, CallerAccessor callers)
{
    public async Task WriteAsync(TableWriter table, ExportInput input, CancellationToken cancellationToken)
    {
        table.Texts("serial_number", "meter_type", "status", "priority", "address", "owner", "location_id", "external_id", "latitude", "longitude");
        table.Texts("register", "obis_code", "quantity", "unit", "digits", "decimals", "multiplier", "last_reading_at", "last_reading_value", "meter_id", "region");
        await table.EndRowAsync(cancellationToken);
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
