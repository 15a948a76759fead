using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register and period: a frozen run with its adjustments, or a period as it is now.</summary>
internal sealed class BillingTable(IBillingBook bills)
{
    private const int RowsBetweenReports = 1_024;

    private static readonly SinkColumn[] Columns =
    [
        new("serial_number"), new("meter_id", SinkColumnKind.Id), new("register"), new("obis_code"), new("quantity"), new("unit"),
        new("multiplier", SinkColumnKind.Number), new("previous_value", SinkColumnKind.Number), new("previous_at", SinkColumnKind.Instant), new("current_value", SinkColumnKind.Number), new("current_at", SinkColumnKind.Instant), new("days", SinkColumnKind.Number),
        new("consumption", SinkColumnKind.Number), new("quality"), new("flags", SinkColumnKind.Words), new("previous_reading_id", SinkColumnKind.Id), new("previous_value_id", SinkColumnKind.Id), new("current_reading_id", SinkColumnKind.Id),
        new("current_value_id", SinkColumnKind.Id), new("address", SinkColumnKind.Words), new("owner", SinkColumnKind.Words), new("location_id"), new("external_id"), new("state"),
        new("value_count", SinkColumnKind.Number), new("held_count", SinkColumnKind.Number), new("remark", SinkColumnKind.Words), new("register_kind"), new("direction"), new("meter_status"),
        new("line_number", SinkColumnKind.Number), new("adjustment", SinkColumnKind.Number), new("billed_consumption", SinkColumnKind.Number), new("reason", SinkColumnKind.Words),
    ];

    public async Task WriteAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        await table.BeginAsync("billing", Columns, cancellationToken);
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

    private static void Write(ITableSink table, BillingLineView line, bool isFrozen)
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
