using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Events;
using MeterSync.Store.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Jobs;

/// <summary>Deletes idempotency keys that no longer answer and events that were kept long enough, each hour, in parts that hold up no request.</summary>
internal sealed class StoreSweep(IServiceScopeFactory scopes, IOptions<HostOptions> options, IOptions<OutboxOptions> outbox, TimeProvider clock, ILogger<StoreSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1); // a start has better things to do
    private const int RowsAtOnce = 5_000;

    /// <summary>Returns how many keys went.</summary>
    public async Task<int> SweepKeysAsync(CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow().ToStored() - IdempotencyKey.KeptFor;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var expired = db.Set<IdempotencyKey>().Where(key => key.CreatedAt < due);
        return await DeleteAsync(db, expired.Select(key => key.CreatedAt), last => expired.Where(key => key.CreatedAt <= last), cancellationToken);
    }

    /// <summary>Returns how many events went, handled or not.</summary>
    public async Task<int> SweepEventsAsync(CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow().ToStored() - TimeSpan.FromDays(outbox.Value.KeepDays);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var expired = db.Set<OutboxEvent>().Where(one => one.At < due);
        return await DeleteAsync(db, expired.Select(one => one.At), last => expired.Where(one => one.At <= last), cancellationToken);
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
                var (keys, events) = (await SweepKeysAsync(stoppingToken), await SweepEventsAsync(stoppingToken));
                log.LogDebug("Deleted {Keys} idempotency keys that were kept for {Hours} hours and {Events} events that were kept for {Days} days", keys, IdempotencyKey.KeptFor.TotalHours, events, outbox.Value.KeepDays);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Old idempotency keys and events could not be deleted; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <param name="db">Whose rows.</param>
    /// <param name="times">Of all the rows that go.</param>
    /// <param name="until">Those of them that are not younger.</param>
    /// <param name="cancellationToken">Stops between two parts.</param>
    private static async Task<int> DeleteAsync<T>(MeterSyncDb db, IQueryable<DateTimeOffset> times, Func<DateTimeOffset, IQueryable<T>> until, CancellationToken cancellationToken)
    {
        var swept = 0;
        while (true)
        {
            var bound = await times.OrderBy(at => at).Skip(RowsAtOnce - 1).Select(at => (DateTimeOffset?)at).FirstOrDefaultAsync(cancellationToken);
            using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
            swept += await until(bound ?? DateTimeOffset.MaxValue.ToStored()).ExecuteDeleteAsync(cancellationToken);
            if (bound is null)
            {
                return swept;
            }
        }
    }
}
