using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a register value, oldest first.</summary>
internal sealed class ReadingsTable(IReadingLedger ledger, CallerAccessor callers)
{
    private const int RowsBetweenReports = 4_096;

    private static readonly SinkColumn[] Columns =
    [
        new("reading_id", SinkColumnKind.Id), new("serial_number"), new("register"), new("reading_timestamp", SinkColumnKind.Instant), new("value", SinkColumnKind.Number), new("unit"),
        new("consumption", SinkColumnKind.Number), new("days", SinkColumnKind.Number), new("quality"), new("state"), new("flags", SinkColumnKind.Words), new("source"),
        new("verified", SinkColumnKind.YesNo), new("agent_id", SinkColumnKind.Id), new("received_at", SinkColumnKind.Instant), new("notes", SinkColumnKind.Words),
    ];

    /// <summary>Who sees the own only gets nothing of somebody else.</summary>
    private UserId? AgentOf(ExportInput input) =>
        callers.Caller.OwnOnly is { } own ? input.AgentId is { } asked && asked != own.Value ? new UserId(Guid.Empty) : own
        : input.AgentId is { } agent ? new UserId(agent)
        : null;

    public async Task WriteAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        var filter = new LedgerFilter(
            callers.Caller.RegionsOnly,
            input.From,
            input.To,
            input.MeterId is { } meter ? new MeterId(meter) : null,
            input.State,
            input.Source,
            AgentOf(input),
            input.LocationId);
        var expected = Math.Max(1, await ledger.CountAsync(filter, cancellationToken));
        await table.BeginAsync("readings", Columns, cancellationToken);
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
