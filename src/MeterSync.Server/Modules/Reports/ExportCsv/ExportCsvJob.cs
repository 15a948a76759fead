using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Store;
using MeterSync.Modules.Reports.Tables;
using MeterSync.Store;
using MeterSync.Store.Audit;

namespace MeterSync.Modules.Reports.ExportCsv;

/// <summary>Writes the table beside its final name and renames it when it is whole: a file cut off by a crash is never offered.</summary>
internal class ExportCsvJob(ReadingsTable readings, BillingTable billing, MetersTable meters, AuditTable audit, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : IJobHandler
{
    public const string JobKind = ExportJobs.KindPrefix + "csv";

    public virtual string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(ExportInputJson.Default.ExportInput)!;
        if (input.BillingRunId is not null && callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        var part = run.OutputFile + PartSuffix;
        long rows, bytes;
        try
        {
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await using var table = new TableWriter(file, input.Look());
                await WriteAsync(table, input, run.Report, cancellationToken);
                await table.CompleteAsync(cancellationToken);
                file.Flush(flushToDisk: true);
                (rows, bytes) = (table.RowsWritten - 1, file.Length);
            }

            File.Move(part, run.OutputFile, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        var type = Terms<ExportType>.WordOf(input.Type);
        var name = $"{type}-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}.csv";
        await RecordAsync(run, type, rows, cancellationToken);
        return new JobResult($"{rows} rows.", JsonSerializer.SerializeToElement(new ExportResult(type, rows, bytes), ExportInputJson.Default.ExportResult), name, "text/csv; charset=utf-8");
    }

    /// <summary>What leaves in a file is recorded with what was asked for.</summary>
    private async Task RecordAsync(JobRun run, string type, long rows, CancellationToken cancellationToken)
    {
        var told = new System.Text.Json.Nodes.JsonObject { ["rows"] = rows, ["input"] = System.Text.Json.Nodes.JsonNode.Parse(run.Input.GetRawText()) };
        db.Add(await AuditTrail.ComposeAsync(db, type + ".exported", "export", run.Id.Value, null, told.ToJsonString(), cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Ends the name of a file that is still being written.</summary>
    public const string PartSuffix = ".part";

    private Task WriteAsync(TableWriter table, ExportInput input, Action<double, string> report, CancellationToken cancellationToken) => input.Type switch
    {
        ExportType.Readings => readings.WriteAsync(table, input, report, cancellationToken),
        ExportType.Billing => billing.WriteAsync(table, input, report, cancellationToken),
        ExportType.Audit => audit.WriteAsync(table, input, report, cancellationToken),
        _ => meters.WriteAsync(table, input, cancellationToken),
    };
}

/// <summary>Under a kind of its own, because not everybody who sees exports may see the audit log.</summary>
internal sealed class ExportAuditJob(ReadingsTable readings, BillingTable billing, MetersTable meters, AuditTable audit, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : ExportCsvJob(readings, billing, meters, audit, db, callers, clock)
{
    public override string Kind => ExportJobs.AuditKind;
}
