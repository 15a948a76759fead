using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.ExportCsv;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register value, oldest first.</summary>
internal sealed class ReadingsTable(IReadingLedger ledger, CallerAccessor callers)
{
    private const int RowsBetweenReports = 4_096;

    public async Task WriteAsync(TableWriter table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        var filter = new LedgerFilter(
            callers.Caller.RegionsOnly,
            input.From,
            input.To,
            input.MeterId is { } meter ? new MeterId(meter) : null,
            input.State,
            input.Source,
            callers.Caller.OwnOnly,
            input.LocationId);
        var expected = Math.Max(1, await ledger.CountAsync(filter, cancellationToken));
        table.Texts("reading_id", "serial_number", "register", "reading_timestamp", "value", "unit", "consumption", "days", "quality", "state", "flags", "source", "verified", "agent_id", "received_at", "notes");
        await table.EndRowAsync(cancellationToken);
        await foreach (var value in ledger.ValuesAsync(filter, cancellationToken))
        {
            table.Id(value.ReadingId);
            table.Text(value.SerialNumber);
            table.Text(value.Register);
            table.Instant(value.At);
            table.Number(value.Value);
            table.Text(value.Unit);
            table.Number(value.Consumption);
            table.Number(value.Days);
            table.Text(value.Quality);
            table.Text(value.State);
            table.Text(value.Flags);
            table.Text(value.Source);
            table.YesNo(value.Verified);
            table.Id(value.AgentId);
            table.Instant(value.ReceivedAt);
            table.Text(value.Notes);
            await table.EndRowAsync(cancellationToken);
            if (table.RowsWritten % RowsBetweenReports == 0)
            {
                // A reading may have several values and a state filter may leave some out: the share is an estimate.
                report(Math.Min(99, 100.0 * table.RowsWritten / expected), $"{table.RowsWritten} rows");
            }
        }
    }
}
