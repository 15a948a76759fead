using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using MeterSync.Store.Vision;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>The bytes of a photo are here, by whatever way they came: looks at them, keeps them, and completes the photo. Either all of it happens or nothing.</summary>
internal sealed class PhotoArrival(
    MeterSyncDb db, WriteTransactions transactions, IBlobStore store, BlobIntake intake, BlobLedger ledger, PhotoLinks links, IVisionWorker vision, TimeProvider clock, ILogger<PhotoArrival> log)
{
    /// <summary>Again for a complete photo is the same photo; its bytes are put back where they were lost.</summary>
    /// <param name="photo">As it was announced.</param>
    /// <param name="received">Stays with the caller, who disposes it.</param>
    /// <param name="upload">By which they came; null for another way.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    public async Task<Outcome<Photo>> TakeAsync(Photo photo, ReceivedBlob received, UploadId? upload, CancellationToken cancellationToken)
    {
        if (Differs(photo, received) is { } differs)
        {
            PhotoMetrics.Refused(differs.Code);
            return differs;
        }

        if (photo.State == PhotoState.Complete)
        {
            await store.PutAsync(received, cancellationToken);
            return photo;
        }

        var looked = await LookAsync(received, cancellationToken);
        if (!looked.Succeeded)
        {
            PhotoMetrics.Refused(looked.Problem.Code);
            await RememberAsync(photo.Id, looked.Problem, cancellationToken);
            return looked.Problem;
        }

        using var thumbnail = looked.Value.Thumbnail is { } small ? await intake.ReceiveAsync(new MemoryStream(small.Jpeg), small.Jpeg.Length, cancellationToken) : null;
        await store.PutAsync(received, cancellationToken);
        if (thumbnail is not null)
        {
            await store.PutAsync(thumbnail, cancellationToken);
        }

        var completed = await transactions.RunAsync(token => CompleteAsync(photo.Id, new Arrived(received, thumbnail, looked.Value, upload), token), cancellationToken);
        if (completed.Succeeded)
        {
            PhotoMetrics.Completed(received.Length);
        }

        return completed;
    }

    /// <summary>Null where the bytes are those that were announced.</summary>
    public static Problem? Differs(Photo photo, ReceivedBlob received) =>
        received.Length != photo.Length ? PhotoProblems.SizeDiffers.For("size", $"{received.Length} bytes came; {photo.Length} were announced. Send the photo again.")
        : received.Hash != BlobHash.Of(photo.Sha256) ? PhotoProblems.HashDiffers.For("sha256", $"The bytes that came have the SHA-256 {received.Hash}; {BlobHash.Of(photo.Sha256)} was announced. Send the photo again.")
        : null;

    private async Task<Outcome<Looked>> LookAsync(ReceivedBlob received, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(received.Path);
        var head = new byte[PictureKinds.HeadBytes];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (PictureKinds.Of(head.AsSpan(0, read)) is not { } type)
        {
            return PhotoProblems.NotAnImage.Because("The bytes are no JPEG, PNG, WebP or HEIC picture. Nothing was kept.");
        }

        file.Position = 0;
        var exif = PhotoExif.Read(file, type, log);
        file.Position = 0;
        var made = await vision.ThumbnailAsync(file, Thumbnail.UsualEdge, cancellationToken);
        if (made.Succeeded)
        {
            return new Looked(type, exif, made.Value, Tries: 0);
        }

        if (made.Problem.Code.Status < 500)
        {
            return made.Problem;
        }

        // The photo is evidence without a small picture too, which is made later.
        log.LogWarning("A photo of {Bytes} bytes was kept without a small picture for now: {Reason}", received.Length, made.Problem.Message);
        return new Looked(type, exif, null, Tries: 1);
    }

    /// <summary>A person has to see why the photo never comes: its sender brings the same bytes again.</summary>
    private Task<Outcome<Done>> RememberAsync(PhotoId id, Problem refusal, CancellationToken cancellationToken)
    {
        var (code, now) = (refusal.Code.Code, clock.GetUtcNow().ToStored());
        return transactions.RunAsync<Done>(
            async token =>
            {
                await db.Set<Photo>().Where(photo => photo.Id == id && photo.State == PhotoState.Pending)
                    .ExecuteUpdateAsync(set => set.SetProperty(photo => photo.Refusal, code).SetProperty(photo => photo.RefusedAt, now), token);
                return Done.It;
            },
            cancellationToken);
    }

    private async Task<Outcome<Photo>> CompleteAsync(PhotoId id, Arrived arrived, CancellationToken cancellationToken)
    {
        var (received, thumbnail, looked) = (arrived.Received, arrived.Thumbnail, arrived.Looked);
        if (await LockAsync(id, cancellationToken) is not { } photo)
        {
            return PhotoProblems.NotFound.Because($"There is no photo {id.Value}.");
        }

        if (photo.State == PhotoState.Complete)
        {
            return photo;
        }

        await ledger.TakeAsync(received, cancellationToken);
        if (thumbnail is not null)
        {
            await ledger.TakeAsync(thumbnail, cancellationToken);
        }

        photo.State = PhotoState.Complete;
        photo.ContentType = looked.ContentType;
        photo.ThumbnailSha256 = thumbnail?.Hash.ToBytes();
        photo.ThumbnailTries = looked.Tries;
        photo.Width = looked.Thumbnail?.Original.Width;
        photo.Height = looked.Thumbnail?.Original.Height;
        photo.Orientation = looked.Exif.Orientation;
        photo.TakenAt = looked.Exif.TakenAt;
        photo.Latitude = looked.Exif.Position?.Latitude;
        photo.Longitude = looked.Exif.Position?.Longitude;
        photo.CompletedAt = clock.GetUtcNow().ToStored();
        (photo.Refusal, photo.RefusedAt) = (null, null);
        await EndUploadAsync(photo, arrived.Upload, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await links.FollowAsync(photo, cancellationToken);
        return photo;
    }

    /// <summary>What came of the same bytes in pieces meanwhile is not needed any more.</summary>
    private async Task EndUploadAsync(Photo photo, UploadId? arrivedBy, CancellationToken cancellationToken)
    {
        if (photo.UploadId is { } other && other != arrivedBy)
        {
            await db.EndUploadAsync(other, cancellationToken);
            photo.UploadId = null;
        }
    }

    /// <summary>Two ways on which the same bytes come at once wait for each other here. Not against those who only point at the photo.</summary>
    private async Task<Photo?> LockAsync(PhotoId id, CancellationToken cancellationToken)
    {
        db.Forget();
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync($"select 1 from photos where id = {id.Value} for no key update", cancellationToken);
        }

        return await db.Set<Photo>().FirstOrDefaultAsync(photo => photo.Id == id, cancellationToken);
    }

    private sealed record Arrived(ReceivedBlob Received, ReceivedBlob? Thumbnail, Looked Looked, UploadId? Upload);

    private sealed record Looked(string ContentType, PhotoExif Exif, Thumbnail? Thumbnail, int Tries);
}
