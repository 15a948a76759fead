using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Imports;

/// <summary>The form of an import.</summary>
/// <param name="File">The table; the operation says how large it may be.</param>
/// <param name="DryRun">Say what would happen and change nothing.</param>
/// <param name="Partial">Import the good rows even where others have problems.</param>
/// <param name="Encoding">For example windows-1251; found out where left out.</param>
/// <param name="Delimiter">One of , ; | tab; found out where left out.</param>
/// <param name="DecimalSign">point or comma; found out where left out.</param>
/// <param name="DateOrder">day_first or month_first; found out where left out.</param>
/// <param name="TimeZone">IANA zone of times without an offset; UTC where left out.</param>
/// <param name="Sheet">Name or number of a workbook's sheet; the first visible one with the headings where left out.</param>
internal sealed record ImportForm(byte[] File, bool? DryRun, bool? Partial, string? Encoding, string? Delimiter, string? DecimalSign, string? DateOrder, string? TimeZone, string? Sheet);

/// <summary>Takes tables in and finds what became of them.</summary>
internal sealed class ImportDesk(MeterSyncDb db, IJobQueue jobs, CallerAccessor callers, DataDirectory data, IdSource ids)
{
    private static readonly TimeSpan UndoPatience = TimeSpan.FromMinutes(5);

    /// <summary>Keeps the file and queues its import. On a problem nothing is left on disk.</summary>
    public async Task<Outcome<JobView>> TakeAsync(ImportKind kind, HttpRequest http, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Uploads, $"{ids.Next():n}.table");
        var queued = false;
        try
        {
            var received = await ImportUpload.ReceiveAsync(http, kind, path, cancellationToken);
            if (!received.Succeeded)
            {
                return received.Problem;
            }

            var settings = ImportFields.Read(received.Value.Fields);
            if (!settings.Succeeded)
            {
                return settings.Problem;
            }

            var input = JsonSerializer.SerializeToElement(new ImportInput(received.Value.FileName, settings.Value), ImportInputJson.Default.ImportInput);
            var job = await jobs.EnqueueAsync(kind.Jobs, input, path, cancellationToken);
            queued = true;
            return job;
        }
        finally
        {
            if (!queued)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>How far an import is.</summary>
    public async Task<Outcome<JobView>> FindJobAsync(ImportKind kind, JobId id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, [kind.Jobs], cancellationToken) is { } job ? job : kind.NotFound.Because("There is no such import.");

    /// <summary>The file that a finished import offers: the rows with their problems beside them.</summary>
    public async Task<Outcome<ImportFile>> FindFileAsync(ImportKind kind, JobId id, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(id, [kind.Jobs], cancellationToken) is null)
        {
            return kind.NotFound.Because("There is no such import.");
        }

        return await jobs.FindFileAsync(id, [kind.Jobs], cancellationToken) is { } file && File.Exists(file.Path)
            ? new ImportFile(id, file.Path, file.FileName, file.ContentType)
            : kind.NoResultFile.Because("The import has no result file: it is not over, no row has a problem, the table could not be read to its end, or the file was kept for its days.");
    }

    /// <summary>The batch to undo, if the caller may see its job; tracked, with time enough for the statements that follow. Whether anything depends on it is for the module to say.</summary>
    /// <param name="kind">Batches of other kinds are not found.</param>
    /// <param name="id">Of the batch or of its job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Outcome<ImportBatch>> FindToUndoAsync(ImportKind kind, Guid id, CancellationToken cancellationToken)
    {
        // An undo is one transaction, and its statements touch as many rows as the import did.
        db.Database.SetCommandTimeout(UndoPatience);
        var (job, number) = (new JobId(id), new ImportBatchId(id));
        var batches = db.Set<ImportBatch>().Where(candidate => candidate.Kind == kind.Batches && (candidate.JobId == job || candidate.Id == number));
        if (VisibleJobs.IsOwnOnly(callers.Caller))
        {
            var own = db.Set<Job>().VisibleTo(callers.Caller);
            batches = batches.Where(candidate => own.Any(theirs => theirs.Id == candidate.JobId));
        }

        var batch = await batches.FirstOrDefaultAsync(cancellationToken);
        return batch switch
        {
            null => kind.NotFound.Because("There is no such import, or it changed nothing."),
            { UndoneAt: { } before } => kind.Undone.Because($"The import was undone on {before:yyyy-MM-dd} at {before:HH:mm} UTC."),
            _ => batch,
        };
    }
}
