using MeterSync.Kernel;
using MeterSync.Modules.Reports.Exporting;
using MeterSync.Modules.Reports.Store;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Reports.CleanUp;

/// <summary>Deletes files that were kept for their days, and parts that a killed job left behind.</summary>
internal sealed class ExportCleanUp(IServiceScopeFactory scopes, DataDirectory data, IOptions<ExportOptions> options, TimeProvider clock, ILogger<ExportCleanUp> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1); // a start has better things to do
    private static readonly TimeSpan PartsKept = TimeSpan.FromDays(1);
    private const int JobsAtOnce = 500;

    /// <summary>Returns how many files went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow().ToStored() - options.Value.Kept;
        await using var scope = scopes.CreateAsyncScope();
        var jobs = scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>();
        var expired = await jobs.AsNoTracking()
            .Where(job => (job.Kind.StartsWith(ExportJobs.KindPrefix) || job.Kind.EndsWith(JobQueue.ImportSuffix)) && job.Status == JobStatus.Completed && job.OutputName != null && job.FinishedAt <= due)
            .OrderBy(job => job.CreatedAt).Select(job => job.Id).Take(JobsAtOnce).ToListAsync(cancellationToken);
        foreach (var id in expired)
        {
            File.Delete(JobQueue.OutputPath(data, id));
        }

        await jobs.Where(job => expired.Contains(job.Id)).ExecuteUpdateAsync(set => set.SetProperty(job => job.OutputName, (string?)null), cancellationToken);
        return expired.Count + DeleteParts();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var gone = await SweepAsync(stoppingToken);
                if (gone > 0)
                {
                    log.LogInformation("Deleted {Count} files of exports and imports that were kept for {Days} days", gone, options.Value.KeepDays);
                }
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Old exports could not be looked through; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private int DeleteParts()
    {
        var old = clock.GetUtcNow().UtcDateTime - PartsKept;
        var parts = Directory.EnumerateFiles(data.Exports, "*" + ExportFileJob.PartSuffix).Where(file => File.GetLastWriteTimeUtc(file) < old).ToList();
        parts.ForEach(File.Delete);
        return parts.Count;
    }
}
