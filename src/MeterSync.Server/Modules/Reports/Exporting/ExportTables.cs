using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Reports.Tables;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>The tables an export can hold, whatever it is written as.</summary>
internal sealed class ExportTables(ReadingsTable readings, BillingTable billing, MetersTable meters, AuditTable audit, ReportTable reports)
{
    /// <returns>What became of the photos; null where none were asked for.</returns>
    public async Task<PhotoTally?> WriteAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken)
    {
        if (input.Type == ExportType.Readings)
        {
            return await readings.WriteAsync(table, input, report, cancellationToken);
        }

        await WriteOtherAsync(table, input, report, cancellationToken);
        return null;
    }

    private Task WriteOtherAsync(ITableSink table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken) => input.Type switch
    {
        ExportType.Billing => billing.WriteAsync(table, input, report, cancellationToken),
        ExportType.Audit => audit.WriteAsync(table, input, report, cancellationToken),
        ExportType.Meters => meters.WriteAsync(table, input, cancellationToken),
        _ => reports.WriteAsync(table, input, cancellationToken),
    };
}
