using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Jobs;

/// <summary>Takes queued jobs one at a time and runs them; a job whose worker died, or could not store its end, is taken again after its lease,
/// unless it was begun often enough: it may be what kills the worker.
/// On SQLite the lease is not renewed while a job runs, and need not be: the one worker looks for the next job only when it runs none.</summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, JobSignal signal, IOptions<HostOptions> options, IOptions<JobOptions> jobs, PermissionCatalog permissions, IAccessDirectory directory, JobProgressBoard board, IOptions<StoreOptions> store, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private int MaximumAttempts => jobs.Value.MaximumAttempts;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Serves(Role.Worker))
        {
            return;
        }

        await Task.Yield();
        var cutOffJobsWait = store.Value.Kind == StoreProvider.Sqlite;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (cutOffJobsWait)
                {
                    await RequeueAfterCrashAsync(stoppingToken);
                    cutOffJobsWait = false;
                }

                if (await TakeAsync(stoppingToken) is { } job)
                {
                    await RunAsync(job, stoppingToken);
                    continue;
                }
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "The job queue cannot be used; trying again");
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // One job's bug must not end the worker of all jobs.
                log.LogError(exception, "The job queue failed; trying again");
            }

            await signal.WaitAsync(Patience, stoppingToken);
        }
    }

    private async Task<Job?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var now = clock.GetUtcNow().ToStored();
        var job = await db.Set<Job>().AsNoTracking()
            .Where(candidate => candidate.Status == JobStatus.Queued || (candidate.Status == JobStatus.Running && candidate.LeaseUntil < now))
            .OrderBy(candidate => candidate.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        if (job is null)
        {
            return null;
        }

        // Two workers may have seen the same row: the one whose update still finds the state it saw has the job.
        var seenStatus = job.Status;
        var seenLease = job.LeaseUntil;
        var taken = await db.Set<Job>()
            .Where(candidate => candidate.Id == job.Id && candidate.Status == seenStatus && candidate.LeaseUntil == seenLease)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.Status, JobStatus.Running).SetProperty(j => j.LeaseUntil, now + Lease).SetProperty(j => j.StartedAt, now).SetProperty(j => j.Attempts, j => j.Attempts + 1), cancellationToken);
        job.Attempts++;
        return taken == 1 ? job : null;
    }

    /// <summary>On SQLite one process serves: what still runs at its start was cut off with the last one.</summary>
    private async Task RequeueAfterCrashAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>().Where(job => job.Status == JobStatus.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.Status, JobStatus.Queued), cancellationToken);
    }

    private async Task RunAsync(Job job, CancellationToken stoppingToken)
    {
        // Somebody traces, or at least the log shows what belongs together.
        using var activity = Instrumentation.Activities.StartActivity("job " + job.Kind) ?? new Activity("job " + job.Kind).Start();
        var started = clock.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        await using var progress = new JobProgress(scopes, job.Id, Lease, clock, board, store.Value.Kind, log);
        scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = await CallerOfAsync(job, stoppingToken);
        var handler = scope.ServiceProvider.GetServices<IJobHandler>().FirstOrDefault(candidate => candidate.Kind == job.Kind);
        Outcome<JobResult> outcome;
        try
        {
            if (job.Attempts > MaximumAttempts)
            {
                outcome = KernelProblems.JobGivenUp.Because($"This job was begun {MaximumAttempts} times and broken off each time, perhaps because it brings the server down. See the log for the reason; then start the job anew.");
                DeleteInput(job);
            }
            else if (handler is null)
            {
                outcome = KernelProblems.Unexpected.Because($"No handler is known for jobs of kind {job.Kind}.");
            }
            else
            {
                var output = JobQueue.OutputPath(scope.ServiceProvider.GetRequiredService<DataDirectory>(), job.Id);
                using var input = JsonDocument.Parse(job.Input);
                outcome = await handler.RunAsync(new JobRun(job.Id, input.RootElement, job.InputFile, output, progress.Report), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogInformation("Job {Job} stops with the server and is taken up again", job.Id.Value);
            Tell("interrupted");
            await progress.StopAsync();
            await GiveBackAsync(job);
            return;
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Job {Job} of kind {Kind} failed at attempt {Attempt}", job.Id.Value, job.Kind, job.Attempts);
            activity.SetStatus(ActivityStatusCode.Error);
            if (StoreFaults.IsUnavailable(exception) && job.Attempts < MaximumAttempts)
            {
                Tell("postponed");
                return;
            }

            outcome = StoreFaults.IsUnavailable(exception)
                ? KernelProblems.Unavailable.Because("The database or disk could not serve. Nothing of this job was kept; start it again.")
                : KernelProblems.Unexpected.Because("Something failed on our side. The log has the details under this job's id.");
            DeleteInput(job);
        }

        Tell(outcome.Succeeded ? "completed" : "failed");
        await FinishAsync(job, progress, outcome, stoppingToken);

        void Tell(string end)
        {
            JobMetrics.Ended(handler is null ? "unknown" : job.Kind, end, clock.GetElapsedTime(started));
            activity.SetTag("metersync.job.kind", job.Kind).SetTag("metersync.job.id", job.Id.Value.ToString()).SetTag("metersync.job.attempt", job.Attempts).SetTag("metersync.job.outcome", end);
        }
    }

    /// <summary>What was done is done: an end that cannot be stored now is stored later, and no further attempt is made of it.</summary>
    private async Task FinishAsync(Job job, JobProgress progress, Outcome<JobResult> outcome, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await progress.FinishAsync(outcome);
                return;
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "The end of job {Job} cannot be stored; trying again", job.Id.Value);
                await Task.Delay(Patience, clock, stoppingToken);
            }
        }
    }

    /// <summary>A server that is stopped in order is no failed attempt. Whoever has taken the job since keeps it.</summary>
    private async Task GiveBackAsync(Job job)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>().Where(candidate => candidate.Id == job.Id && candidate.Attempts == job.Attempts)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.Status, JobStatus.Queued).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null).SetProperty(j => j.Attempts, j => j.Attempts - 1), CancellationToken.None);
        }
        catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
        {
            log.LogWarning(exception, "Job {Job} could not be given back; it is taken up again after its lease", job.Id.Value);
        }
    }

    /// <summary>For a job that no handler brought to its end: one that did has dealt with its file. A file that cannot be deleted must not keep its job from ending.</summary>
    private void DeleteInput(Job job)
    {
        try
        {
            if (job.InputFile is not null)
            {
                File.Delete(job.InputFile);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(exception, "The file {File} of job {Job} cannot be deleted", job.InputFile, job.Id.Value);
        }
    }

    /// <summary>With what the person may do now. Somebody who may not come in any more sees nothing; the operator at the machine is no user and sees all.</summary>
    private async Task<Caller> CallerOfAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.CreatedBy is not { } id)
        {
            return new Caller(null, job.CreatedByName, job.CreatedByRole, DataScope.All, permissions.Of(job.CreatedByRole));
        }

        var access = await directory.FindAsync(id, cancellationToken);
        return new Caller(id, job.CreatedByName, job.CreatedByRole, access?.Scope ?? DataScope.None, access?.Permissions ?? FrozenSet<string>.Empty);
    }
}
