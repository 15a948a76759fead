using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Sync.ForgetChanges;

/// <summary>Deletes, each hour and in parts, the changes that waited for phones for as long as they are kept. Phones that come later are given all they need anew.</summary>
internal sealed class ChangeSweep(IServiceScopeFactory scopes, IOptions<SyncOptions> options, TimeProvider clock, ILogger<ChangeSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(3); // a start has better things to do
    private const int AtOnce = 2_000;

    /// <summary>Returns how many changes went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = (clock.GetUtcNow() - TimeSpan.FromDays(options.Value.ChangeDays)).ToStored();
        for (var gone = 0; ;)
        {
            await using var scope = scopes.CreateAsyncScope();
            var part = await scope.ServiceProvider.GetRequiredService<IAgentChanges>().ForgetAsync(before, AtOnce, cancellationToken);
            gone += part;
            if (part == 0)
            {
                return gone;
            }
        }
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
                log.LogDebug("Deleted {Count} old changes for phones", gone);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Old changes for phones could not be deleted; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
