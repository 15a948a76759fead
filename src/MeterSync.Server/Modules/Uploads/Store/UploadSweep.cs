using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Transfer;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Uploads.Store;

/// <summary>Each hour: uploads that nobody went on with, finished ones nobody asks about any more, and bytes that belong to none.</summary>
internal sealed class UploadSweep(IServiceScopeFactory scopes, IPartialStore store, UploadWatch watch, TimeProvider clock, ILogger<UploadSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(3); // a start has better things to do
    private static readonly TimeSpan Untouched = TimeSpan.FromHours(2);
    private static readonly TimeSpan ScratchIsOld = TimeSpan.FromDays(1);
    private const int AtOnce = 500;

    /// <summary>Returns how many uploads went, and of how many others bytes were found.</summary>
    public async Task<(int Expired, int Strays)> SweepAsync(CancellationToken cancellationToken)
    {
        var expired = await ForgetAsync(UploadStatus.Open, cancellationToken);
        UploadMetrics.Upload("expired", expired);
        await ForgetAsync(UploadStatus.Finished, cancellationToken);
        var strays = await ClearStraysAsync(cancellationToken);
        store.ClearScratch(clock.GetUtcNow() - ScratchIsOld);
        watch.Swept();
        return (expired, strays);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        watch.BeginSweeps();
        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var (expired, strays) = await SweepAsync(stoppingToken);
                if (expired + strays > 0)
                {
                    log.LogInformation("{Expired} uploads expired, and the bytes of {Strays} others were found without a row; they are gone", expired, strays);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next round begins anew; that it goes on so shows in the health.
                log.Log(StoreFaults.IsUnavailable(exception) ? LogLevel.Warning : LogLevel.Error, exception, "Old uploads could not be cleared away; trying again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> ForgetAsync(UploadStatus status, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        for (var gone = 0; ;)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            var due = await db.Set<Upload>().Where(upload => upload.Status == status && upload.ExpiresAt <= now).OrderBy(upload => upload.ExpiresAt).Select(upload => upload.Id).Take(AtOnce).ToListAsync(cancellationToken);
            using (db.IsSqlite && due.Count > 0 ? await db.Session.EnterWriteGateAsync(cancellationToken) : null)
            {
                gone += due.Count == 0 ? 0 : await db.Set<Upload>().Where(upload => due.Contains(upload.Id) && upload.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
            }

            // One that moved on since is not gone.
            var left = due.Count == 0 ? [] : await db.Set<Upload>().Where(upload => due.Contains(upload.Id)).Select(upload => upload.Id).ToListAsync(cancellationToken);
            foreach (var id in due.Except(left))
            {
                await store.DeleteAsync(id, cancellationToken);
            }

            if (due.Count < AtOnce)
            {
                return gone;
            }
        }
    }

    /// <summary>A server killed between the row and the bytes leaves them; so does who was erased.</summary>
    private async Task<int> ClearStraysAsync(CancellationToken cancellationToken)
    {
        var strays = 0;
        await foreach (var some in store.ListAsync(clock.GetUtcNow() - Untouched, cancellationToken).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            var known = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Upload>().Where(upload => some.Contains(upload.Id) && upload.Status == UploadStatus.Open).Select(upload => upload.Id).ToListAsync(cancellationToken);
            foreach (var id in some.Except(known))
            {
                await store.DeleteAsync(id, cancellationToken);
                strays++;
            }
        }

        return strays;
    }
}
