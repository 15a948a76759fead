using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;

namespace MeterSync.Host.Jobs;

/// <summary>On PostgreSQL: takes the share of the lock again when its connection was lost, and ends this server where a backup is being restored, or was in between:
/// what it holds in memory is of other data.</summary>
internal sealed class ServingWatch(ServingLock share, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ServingWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private Guid epoch;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (share.IsNeeded)
        {
            await share.ShareAsync(cancellationToken);
            epoch = await share.LastRestoredAsync(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!share.IsNeeded)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await share.ShareAsync(stoppingToken);
                if (await share.LastRestoredAsync(stoppingToken) != epoch)
                {
                    Stop("A backup was restored while this server had no connection to the database.");
                    return;
                }

                await share.WaitUntilLostAsync(stoppingToken);
            }
            catch (StartRefusedException exception)
            {
                Stop(exception.Message);
                return;
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogDebug(exception, "The share of the serving lock cannot be had; trying again");
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private void Stop(string why)
    {
        log.LogCritical("{Why} This server stops; start it again", why);
        lifetime.StopApplication();
    }
}
