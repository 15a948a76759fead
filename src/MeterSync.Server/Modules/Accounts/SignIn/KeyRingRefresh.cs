using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Keeps keys, rights and ended sessions up to date with what other processes did.</summary>
internal sealed class KeyRingRefresh(KeyRing keys, AccessDirectory directory, TimeProvider clock, ILogger<KeyRingRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.LoadAsync(stoppingToken);
                await directory.LoadAsync(stoppingToken);
                await directory.KeepUseAsync(stoppingToken);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
            {
                log.LogWarning(exception, "Keys, rights and ended sessions could not be refreshed; the last known ones stay in use");
            }
        }
    }
}
