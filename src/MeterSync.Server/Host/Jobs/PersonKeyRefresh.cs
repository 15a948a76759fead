using MeterSync.Store;
using MeterSync.Store.Audit;

namespace MeterSync.Host.Jobs;

/// <summary>Forgets the keys of persons whom another process has erased, within ten seconds, and replaces those that were lost with the data directory.</summary>
internal sealed class PersonKeyRefresh(PersonKeys keys, IServiceScopeFactory scopes, TimeProvider clock, ILogger<PersonKeyRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RefreshAsync(stoppingToken);
                await using var scope = scopes.CreateAsyncScope();
                if (await keys.ReplaceLostAsync(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), stoppingToken) is > 0 and var count)
                {
                    log.LogWarning("The keys of {Count} persons could not be read and were replaced: their earlier values in the audit log stay unreadable unless the keys directory comes back", count);
                }
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "The keys of persons could not be looked through; trying again in ten seconds");
            }
        }
    }
}
