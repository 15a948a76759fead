using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Jobs;

internal sealed class JobQueue(MeterSyncDb db, CallerAccessor callers, TimeProvider clock, IdSource ids, DataDirectory data, JobSignal signal, JobProgressBoard board) : IJobQueue
{
    public async Task<JobView> EnqueueAsync(string kind, JsonElement input, string? inputFile, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var job = new Job
        {
            Id = ids.Next<JobId>(),
            Kind = kind,
            Status = JobStatus.Queued,
            Input = input.GetRawText(),
            InputFile = inputFile,
            CreatedBy = caller.UserId,
            CreatedByName = caller.Name,
            CreatedByRole = caller.Role,
            CreatedAt = clock.GetUtcNow().ToStored(),
        };
        db.Set<Job>().Add(job);
        await db.SaveChangesAsync(cancellationToken);
        signal.Raise();
        return View(job);
    }

    public async Task<JobView?> FindAsync(JobId id, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken) =>
        await Visible(kinds).FirstOrDefaultAsync(job => job.Id == id, cancellationToken) is { } job ? View(job) : null;

    public async Task<Page<JobView>> ListAsync(IReadOnlyCollection<string> kinds, int page, int limit, CancellationToken cancellationToken)
    {
        var visible = Visible(kinds);
        var total = await visible.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var jobs = await visible.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return Paging.Numbered([.. jobs.Select(View)], total, page, limit);
    }

    public async Task<(string Path, string FileName, string ContentType)?> FindFileAsync(JobId id, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
    {
        var job = await Visible(kinds).FirstOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        return job is { Status: JobStatus.Completed, OutputName: { } name, OutputContentType: { } type } ? (OutputPath(data, id), name, type) : null;
    }

    /// <summary>Ends the kind of every import's job; what it imports stands before it.</summary>
    public const string ImportSuffix = ".import";

    public static string OutputPath(DataDirectory data, JobId id) => Path.Combine(data.Exports, id.Value.ToString("n"));

    private IQueryable<Job> Visible(IReadOnlyCollection<string> kinds) =>
        db.Set<Job>().AsNoTracking().Where(job => kinds.Contains(job.Kind)).VisibleTo(callers.Caller);

    /// <summary>What imports offer is fetched beside them, everything else as an export.</summary>
    private static string DownloadUrl(Job job) => job.Kind.EndsWith(ImportSuffix, StringComparison.Ordinal)
        ? $"/api/v1/{job.Kind[..^ImportSuffix.Length]}/import/{job.Id.Value}/result"
        : $"/api/v1/export/download/{job.Id.Value}";

    private JobView View(Job job)
    {
        var (percent, line) = job.Status == JobStatus.Running && board.Find(job.Id) is { } live ? live : (job.Progress, job.Message);
        return View(job, percent, line);
    }

    private static JobView View(Job job, double percent, string? line) => new(
        job.Id.Value,
        job.Kind,
        job.Status,
        Math.Round(percent, 1),
        line,
        job.Result is null ? null : JsonSerializer.Deserialize(job.Result, JobJson.Default.JsonElement),
        job is { Status: JobStatus.Completed, OutputName: not null } ? DownloadUrl(job) : null,
        job.CreatedAt,
        job.FinishedAt,
        job.CreatedByName);
}
