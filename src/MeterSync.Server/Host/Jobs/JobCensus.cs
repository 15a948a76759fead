using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Jobs;

/// <param name="Waiting">For a worker.</param>
/// <param name="Running">Under way in any process.</param>
internal sealed record JobCounts(int Waiting, int Running);

/// <summary>Counts the queue, at most once in five seconds however many ask.</summary>
internal sealed class JobCensus
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly IServiceScopeFactory scopes;
    private readonly ILogger<JobCensus> log;
    private readonly Recent<JobCounts?> recent;

    public JobCensus(IServiceScopeFactory scopes, TimeProvider clock, ILogger<JobCensus> log)
    {
        (this.scopes, this.log) = (scopes, log);
        recent = new Recent<JobCounts?>(CountAsync, clock);
    }

    /// <summary>Null where the database does not answer soon.</summary>
    public Task<JobCounts?> GetAsync(CancellationToken cancellationToken) => recent.GetAsync(cancellationToken);

    private async Task<JobCounts?> CountAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await using var scope = scopes.CreateAsyncScope();
            var jobs = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>()
                .Where(job => job.Status == JobStatus.Queued || job.Status == JobStatus.Running)
                .GroupBy(job => job.Status).Select(group => new { Status = group.Key, Count = group.Count() })
                .ToListAsync(limit.Token);
            return new JobCounts(CountOf(JobStatus.Queued), CountOf(JobStatus.Running));

            int CountOf(JobStatus status) => jobs.Find(one => one.Status == status)?.Count ?? 0;
        }
        catch (Exception exception) when (exception is OperationCanceledException || StoreFaults.IsUnavailable(exception))
        {
            log.LogWarning(exception, "The job queue could not be counted");
            return null;
        }
    }
}
