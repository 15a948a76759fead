using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Audit.Public;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Reports.Store;

/// <summary>The export jobs the caller may see: one's own, or all for managers who see all meters.</summary>
internal sealed class ExportJobs(MeterSyncDb db, CallerAccessor callers, JobProgressBoard board, IOptions<ExportOptions> options, TimeProvider clock)
{
    /// <summary>Every job whose kind begins so is an export.</summary>
    public const string KindPrefix = "exports.";

    public const string AuditKind = KindPrefix + "audit";

    public const string Expired = "expired";

    public IQueryable<Job> Visible()
    {
        var jobs = db.Set<Job>().AsNoTracking().Where(job => job.Kind.StartsWith(KindPrefix));
        var caller = callers.Caller;
        if (!caller.May(AuditPermission.Read))
        {
            jobs = jobs.Where(job => job.Kind != AuditKind);
        }

        // A key has some of its owner's permissions only: what others exported may need more.
        return caller is { Role: BuiltInRole.Admin or BuiltInRole.Manager, ApiKeyId: null } ? jobs.VisibleTo(caller) : jobs.Where(job => job.CreatedBy == caller.UserId);
    }

    public Task<Job?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var jobId = new JobId(id);
        return Visible().FirstOrDefaultAsync(job => job.Id == jobId, cancellationToken);
    }

    /// <summary>Completed, but the file is deleted or due to be.</summary>
    public bool IsExpired(Job job) => job.Status == JobStatus.Completed && (job.OutputName is null || job.FinishedAt + options.Value.Kept <= clock.GetUtcNow());

    public ExportView View(Job job)
    {
        var (percent, line) = job.Status == JobStatus.Running && board.Find(job.Id) is { } live ? live : (job.Progress, job.Message);
        var expired = IsExpired(job);
        var ready = job.Status == JobStatus.Completed && !expired;
        return new ExportView(
            job.Id.Value,
            job.Kind,
            expired ? Expired : Terms<JobStatus>.WordOf(job.Status),
            Math.Round(percent, 1),
            line,
            job.Result is null ? null : JsonSerializer.Deserialize(job.Result, JobJson.Default.JsonElement),
            job.OutputName,
            ready ? $"/api/v1/export/download/{job.Id.Value}" : null,
            job.CreatedAt,
            job.FinishedAt,
            job.Status == JobStatus.Completed ? job.FinishedAt + options.Value.Kept : null,
            job.CreatedByName);
    }
}
