using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Jobs;

/// <summary>Deletes idempotency keys that no longer answer, each hour, in parts that hold up no request.</summary>
internal sealed class IdempotencySweep(IServiceScopeFactory scopes, IOptions<HostOptions> options, TimeProvider clock, ILogger<IdempotencySweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1); // a start has better things to do
    private const int KeysAtOnce = 5_000;

    /// <summary>Returns how many keys went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow().ToStored() - IdempotencyKey.KeptFor;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var expired = db.Set<IdempotencyKey>().Where(key => key.CreatedAt < due);
        var swept = 0;
        while (true)
        {
            var bound = await expired.OrderBy(key => key.CreatedAt).Skip(KeysAtOnce - 1).Select(key => (DateTimeOffset?)key.CreatedAt).FirstOrDefaultAsync(cancellationToken);
            swept += await DeleteAsync(db, bound is { } last ? expired.Where(key => key.CreatedAt <= last) : expired, cancellationToken);
            if (bound is null)
            {
                return swept;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Serves(Role.Worker))
        {
            return;
        }

        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var gone = await SweepAsync(stoppingToken);
                log.LogDebug("Deleted {Count} idempotency keys that were kept for {Hours} hours", gone, IdempotencyKey.KeptFor.TotalHours);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Old idempotency keys could not be deleted; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<int> DeleteAsync(MeterSyncDb db, IQueryable<IdempotencyKey> keys, CancellationToken cancellationToken)
    {
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        return await keys.ExecuteDeleteAsync(cancellationToken);
    }
}
