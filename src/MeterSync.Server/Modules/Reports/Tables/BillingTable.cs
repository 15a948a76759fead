using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Reports.ExportCsv;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register and period: a frozen run with its adjustments, or a period as it is now.</summary>
internal sealed class BillingTable(IBillingBook bills)
{
    private const int RowsBetweenReports = 1_024;

    public async Task WriteAsync(TableWriter table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        table.Texts("serial_number", "meter_id", "register", "obis_code", "quantity", "unit", "multiplier", "previous_value", "previous_at", "current_value", "current_at", "days", "consumption", "quality", "flags");
        table.Texts("previous_reading_id", "previous_value_id", "current_reading_id", "current_value_id", "address", "owner", "location_id", "external_id", "state", "value_count", "held_count", "remark");
        table.Texts("register_kind", "direction", "meter_status", "line_number", "adjustment", "billed_consumption", "reason");
        await table.EndRowAsync(cancellationToken);
        var run = input.BillingRunId is { } id ? new BillingRunId(id) : (BillingRunId?)null;
        var expected = run is { } frozen && await bills.FindAsync(frozen, cancellationToken) is { } found ? found.Lines : 0;
        var lines = run is { } known ? bills.LinesAsync(known, input.Adjustment, cancellationToken) : bills.RowsAsync(input.From!.Value, input.To!.Value, input.LocationId, cancellationToken);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if ((input.BillingState is { } state && line.State != state) || (input.MeterId is { } meter && line.MeterId != meter) || (run is not null && input.LocationId is { } place && line.LocationId != place))
            {
                continue;
            }

            Write(table, line, isFrozen: run is not null);
            await table.EndRowAsync(cancellationToken);
            if (table.RowsWritten % RowsBetweenReports == 0)
            {
                report(expected == 0 ? 50 : Math.Min(99, 100.0 * table.RowsWritten / expected), $"{table.RowsWritten} rows");
            }
        }
    }

    private static void Write(TableWriter table, BillingLineView line, bool isFrozen)
    {
        table.Text(line.SerialNumber);
        table.Id(line.MeterId);
        table.Text(line.Register);
        table.Text(line.ObisCode);
        table.Text(line.Quantity);
        table.Text(line.Unit);
        table.Number(line.Multiplier);
        table.Number(line.PreviousValue);
        table.Instant(line.PreviousAt);
        table.Number(line.CurrentValue);
        table.Instant(line.CurrentAt);
        table.Number(line.Days);
        table.Number(line.Consumption);
        table.Text(line.Quality is { } quality ? Terms<Quality>.WordOf(quality) : null);
        table.Text(string.Join(',', line.Flags));
        table.Id(line.PreviousReadingId);
        table.Id(line.PreviousValueId);
        table.Id(line.CurrentReadingId);
        table.Id(line.CurrentValueId);
        table.Texts(line.Address, line.Owner, line.LocationId, line.ExternalId);
        table.Text(Terms<BillingState>.WordOf(line.State));
        table.Number((long)line.ValueCount);
        table.Number((long)line.HeldCount);
        table.Text(line.Remark);
        table.Text(Terms<RegisterKind>.WordOf(line.RegisterKind));
        table.Text(Terms<FlowDirection>.WordOf(line.Direction));
        table.Text(Terms<MeterStatus>.WordOf(line.MeterStatus));
        table.Number((long)line.LineNumber);
        table.Number(isFrozen ? line.Adjustment : (long?)null);
        table.Number(line.BilledConsumption);
        table.Text(line.Reason);
    }
}
