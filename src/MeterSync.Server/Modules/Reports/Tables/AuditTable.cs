using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Audit.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.Tables;

/// <summary>One row a change, oldest first.</summary>
internal sealed class AuditTable(IAuditBook book)
{
    private const int RowsBetweenReports = 1_024;

    private static readonly SinkColumn[] Columns =
    [
        new("id", SinkColumnKind.Id), new("seq", SinkColumnKind.Number), new("at", SinkColumnKind.Instant), new("user_id", SinkColumnKind.Id), new("actor"), new("action"),
        new("entity_type"), new("entity_id", SinkColumnKind.Id), new("old_data", SinkColumnKind.Words), new("new_data", SinkColumnKind.Words), new("ip_address"), new("user_agent", SinkColumnKind.Words),
    ];

    public async Task WriteAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        var expected = Math.Max(1, await book.CountAsync(input.From, input.To, cancellationToken));
        await table.BeginAsync("audit", Columns, cancellationToken);
        await foreach (var entry in book.EntriesAsync(input.From, input.To, cancellationToken))
        {
            table.Id(entry.Id);
            table.Number(entry.Seq);
            table.Instant(entry.At);
            table.Id(entry.UserId);
            table.Texts(entry.Actor, entry.Action, entry.EntityType);
            table.Id(entry.EntityId);
            table.Texts(entry.OldData?.GetRawText(), entry.NewData?.GetRawText(), entry.IpAddress, entry.UserAgent);
            await table.EndRowAsync(cancellationToken);
            if (table.RowsWritten % RowsBetweenReports == 0)
            {
                report(Math.Min(99, 100.0 * table.RowsWritten / expected), $"{table.RowsWritten} rows");
            }
        }
    }
}
