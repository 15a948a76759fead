using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using MeterSync.Store.Vision;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Upkeep;

/// <summary>Makes small pictures of photos that came while pictures could not be decoded. A photo that fails every time is let be after some tries; that no picture at all can be decoded counts against none.</summary>
internal sealed class LateThumbnails(MeterSyncDb db, WriteTransactions transactions, IBlobStore store, BlobIntake intake, BlobLedger ledger, IVisionWorker vision, ILogger<LateThumbnails> log)
{
    private const int MostTries = 4;
    private const int AtOnce = 50;

    /// <returns>How many were made.</returns>
    public async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var made = 0;
        var waiting = await db.Set<Photo>().AsNoTracking().Where(photo => photo.ThumbnailTries > 0 && photo.ThumbnailTries < MostTries && photo.State == PhotoState.Complete)
            .OrderBy(photo => photo.ThumbnailTries).ThenBy(photo => photo.CreatedAt).Take(AtOnce).ToListAsync(cancellationToken);
        foreach (var photo in waiting)
        {
            if (await MakeAsync(photo, cancellationToken) is not { } isMade)
            {
                return made;
            }

            made += isMade ? 1 : 0;
        }

        return made;
    }

    /// <summary>Null where no other photo would fare better.</summary>
    private async Task<bool?> MakeAsync(Photo photo, CancellationToken cancellationToken)
    {
        await using var bytes = await store.OpenAsync(BlobHash.Of(photo.Sha256), cancellationToken);
        if (bytes is null)
        {
            log.LogError("The bytes of photo {Photo} are not in the storage", photo.Id.Value);
            await SetAsync(photo.Id, null, null, MostTries, cancellationToken);
            return false;
        }

        var outcome = await vision.ThumbnailAsync(bytes, Thumbnail.UsualEdge, cancellationToken);
        if (!outcome.Succeeded && outcome.Problem.Code == VisionProblems.WorkerUnavailable)
        {
            return null;
        }

        if (!outcome.Succeeded)
        {
            var tries = outcome.Problem.Code.Status < 500 ? MostTries : photo.ThumbnailTries + 1;
            if (tries == MostTries)
            {
                log.LogWarning("Photo {Photo} stays without a small picture: {Reason}", photo.Id.Value, outcome.Problem.Message);
            }

            await SetAsync(photo.Id, null, null, tries, cancellationToken);
            return false;
        }

        var small = outcome.Value;
        using var received = await intake.ReceiveAsync(new MemoryStream(small.Jpeg), small.Jpeg.Length, cancellationToken);
        await store.PutAsync(received!, cancellationToken);
        await SetAsync(photo.Id, received, small, 0, cancellationToken);
        return true;
    }

    /// <summary>Unless another process was there before.</summary>
    private Task<Outcome<Done>> SetAsync(PhotoId id, ReceivedBlob? thumbnail, Thumbnail? small, int tries, CancellationToken cancellationToken) => transactions.RunAsync<Done>(
        async token =>
        {
            var hash = thumbnail?.Hash.ToBytes();
            var changed = await db.Set<Photo>().Where(photo => photo.Id == id && photo.ThumbnailTries > 0).ExecuteUpdateAsync(
                set => set.SetProperty(photo => photo.ThumbnailTries, tries)
                    .SetProperty(photo => photo.ThumbnailSha256, hash)
                    .SetProperty(photo => photo.Width, small == null ? (int?)null : small.Original.Width)
                    .SetProperty(photo => photo.Height, small == null ? (int?)null : small.Original.Height),
                token);
            if (changed > 0 && thumbnail is not null)
            {
                await ledger.TakeAsync(thumbnail, token);
            }

            return Done.It;
        },
        cancellationToken);
}
