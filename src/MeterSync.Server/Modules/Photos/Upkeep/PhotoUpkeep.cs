using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.Upkeep;

/// <summary>What a pass did.</summary>
internal readonly record struct UpkeepCounts(int Tied, int Thumbnails, int Missing, int Forgotten, SweptBlobs Swept);

/// <summary>Ties photos to readings that came after them without listing them and makes small pictures that could not be made, each few minutes; each hour marks evidence that did not come, forgets photos that were announced and never sent, and deletes bytes that belong to nothing.</summary>
internal sealed class PhotoUpkeep(IServiceScopeFactory scopes, BlobSweep sweep, UpkeepWatch watch, IOptions<StorageOptions> options, TimeProvider clock, ILogger<PhotoUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);
    private const int SweepsEach = 12;
    private const int AtOnce = 200;

    public async Task<UpkeepCounts> PassAsync(bool isThorough, CancellationToken cancellationToken)
    {
        var tied = await TieAsync(isThorough ? LooksBack : Lately, cancellationToken);
        var thumbnails = await ThumbnailsAsync(cancellationToken);
        if (!isThorough)
        {
            watch.Succeeded();
            return new UpkeepCounts(tied, thumbnails, 0, 0, default);
        }

        var missing = await MarkMissingAsync(cancellationToken);
        var forgotten = await ForgetAsync(cancellationToken);
        var swept = await sweep.PassAsync(cancellationToken);
        PhotoMetrics.Forgotten(forgotten);
        PhotoMetrics.SweptBlobs(swept);
        watch.Succeeded();
        return new UpkeepCounts(tied, thumbnails, missing, forgotten, swept);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        watch.Begin();
        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        var pass = 0;
        do
        {
            try
            {
                var counts = await PassAsync(pass++ % SweepsEach == 0, stoppingToken);
                if (counts.Missing + counts.Forgotten + counts.Swept.All > 0)
                {
                    log.LogInformation(
                        "Photos: {Missing} readings lack their evidence now, {Forgotten} announced photos were forgotten, {Blobs} stored bytes, {Temporary} temporary files and {Staged} staged objects that belonged to nothing were deleted",
                        counts.Missing, counts.Forgotten, counts.Swept.Blobs, counts.Swept.Temporary, counts.Swept.Staged);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next pass begins anew; that it goes on so shows in the health.
                log.Log(StoreFaults.IsUnavailable(exception) ? LogLevel.Warning : LogLevel.Error, exception, "Photos could not be kept in order; trying again in {Minutes} minutes", Interval.TotalMinutes);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Photos that name a reading which came later and did not list them, and those whose reading was settled by somebody who did not see them yet.</summary>
    private async Task<int> TieAsync(TimeSpan completedWithin, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var (since, completedSince) = (now - LooksBack, now - completedWithin);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var links = scope.ServiceProvider.GetRequiredService<PhotoLinks>();
        var unlinked =
            from photo in db.Set<Photo>()
            where photo.CreatedAt >= since && photo.ReadingClientId != null && !db.Set<PhotoLink>().Any(link => link.PhotoId == photo.Id)
                && db.OfReadings().Any(reading => reading.ClientId == photo.ReadingClientId && reading.AgentId == photo.UserId)
            select photo.Id;
        var unsettled =
            from photo in db.Set<Photo>()
            where photo.State == PhotoState.Complete && photo.CompletedAt >= completedSince
            join link in db.Set<PhotoLink>() on photo.Id equals link.PhotoId
            join reading in db.OfReadings() on link.ReadingId equals reading.Id
            where reading.Evidence == ReadingEvidence.Pending
            select photo.Id;
        var loose = await unlinked.Union(unsettled).ToListAsync(cancellationToken);
        foreach (var part in loose.Chunk(AtOnce))
        {
            foreach (var photo in await db.Set<Photo>().AsNoTracking().Where(photo => part.Contains(photo.Id)).ToListAsync(cancellationToken))
            {
                await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
                    async token =>
                    {
                        await links.FollowAsync(photo, token);
                        return Done.It;
                    },
                    cancellationToken);
                db.Forget();
            }
        }

        return loose.Count;
    }

    private async Task<int> ThumbnailsAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<LateThumbnails>().PassAsync(cancellationToken);
    }

    private async Task<int> MarkMissingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IEvidenceBook>().MarkMissingAsync(scope.ServiceProvider.GetRequiredService<PhotoLinks>().HavingPhotosAsync, cancellationToken);
    }

    private async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var before = now - TimeSpan.FromDays(options.Value.UnfinishedDays);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        // An upload that still moves holds its photo.
        var due = db.Set<Photo>().Where(photo => photo.State == PhotoState.Pending && photo.CreatedAt < before && photo.ExpiresAt < now && !(photo.UploadId != null && db.OfOpenUploads(now).Any(open => open == photo.UploadId)));
        var old = await due.OrderBy(photo => photo.CreatedAt).Select(photo => photo.Id).Take(AtOnce).ToListAsync(cancellationToken);
        if (old.Count == 0)
        {
            return 0;
        }

        var forgotten = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<int>(
            async token =>
            {
                if (!db.IsSqlite)
                {
                    Guid[] ids = [.. old.Select(id => id.Value)];
                    await db.Database.ExecuteSqlAsync($"select 1 from photos where id = any({ids}) and state = 'pending' order by id for update", token);
                }

                // Once more: one may have completed, or been announced anew, before the lock.
                var still = await due.Where(photo => old.Contains(photo.Id)).Select(photo => photo.Id).ToListAsync(token);
                await db.Set<PhotoLink>().Where(link => still.Contains(link.PhotoId)).ExecuteDeleteAsync(token);
                await db.Set<Photo>().Where(photo => still.Contains(photo.Id)).ExecuteDeleteAsync(token);
                return still.Count;
            },
            cancellationToken);
        return forgotten.Value;
    }
}
