using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Tables;
using MeterSync.Store;
using MeterSync.Store.Audit;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>Writes the table beside its final name and renames it when it is whole: a file cut off by a crash is never offered.</summary>
internal abstract class ExportFileJob(string kind, ExportTables tables, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : IJobHandler
{
    public string Kind => kind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(ExportInputJson.Default.ExportInput)!;
        if (input.BillingRunId is not null && callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        if (input.Photos && ExportDesk.RefusePhotosOf(callers.Caller) is { } blind)
        {
            return blind;
        }

        var part = run.OutputFile + PartSuffix;
        long rows, bytes;
        PhotoTally? photos;
        try
        {
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await using ITableSink table = input.Format == TableFormat.Xlsx ? new SheetWriter(file, picturesFile: input.Photos ? run.OutputFile + PicturesSuffix : null) : new TableWriter(file, input.Look());
                photos = await tables.WriteAsync(table, input, run.Report, cancellationToken);
                await table.CompleteAsync(cancellationToken);
                file.Flush(flushToDisk: true);
                (rows, bytes) = (table.RowsWritten - 1, file.Length);
            }

            File.Move(part, run.OutputFile, overwrite: true);
        }
        catch (ReportRefusedException refused)
        {
            return refused.Problem;
        }
        finally
        {
            File.Delete(part);
        }

        var type = Terms<ExportType>.WordOf(input.Type);
        var name = $"{type}-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}.{Terms<TableFormat>.WordOf(input.Format)}";
        await RecordAsync(run, type, rows, cancellationToken);
        return new JobResult(Line(rows, photos), JsonSerializer.SerializeToElement(new ExportResult(type, rows, bytes, photos?.Shown, photos?.LeftOut), ExportInputJson.Default.ExportResult), name, input.Format == TableFormat.Xlsx ? SheetWriter.ContentType : "text/csv; charset=utf-8");
    }

    private static string Line(long rows, PhotoTally? photos) =>
        photos is null ? $"{rows} rows."
        : photos.LeftOut == 0 ? $"{rows} rows with {photos.Shown} photos."
        : $"{rows} rows with {photos.Shown} photos, as many as a workbook may have. The photos of {photos.LeftOut} more readings were left out: export a shorter period, or see Exports:PhotosPerFile.";

    /// <summary>What leaves in a file is recorded with what was asked for.</summary>
    private async Task RecordAsync(JobRun run, string type, long rows, CancellationToken cancellationToken)
    {
        var told = new System.Text.Json.Nodes.JsonObject { ["rows"] = rows, ["input"] = System.Text.Json.Nodes.JsonNode.Parse(run.Input.GetRawText()) };
        db.Add(await AuditTrail.ComposeAsync(db, type + ".exported", "export", run.Id.Value, null, told.ToJsonString(), cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Ends the name of a file that is still being written.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Ends the name of the file in which photos wait until their sheet is written.</summary>
    private const string PicturesSuffix = ".pictures" + PartSuffix;
}

/// <summary>Text files.</summary>
internal sealed class ExportCsvJob(ExportTables tables, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : ExportFileJob(ExportKinds.Csv, tables, db, callers, clock);

/// <summary>Workbooks.</summary>
internal sealed class ExportExcelJob(ExportTables tables, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : ExportFileJob(ExportKinds.Excel, tables, db, callers, clock);

/// <summary>The audit log, as either.</summary>
internal sealed class ExportAuditJob(ExportTables tables, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : ExportFileJob(ExportKinds.Audit, tables, db, callers, clock);
