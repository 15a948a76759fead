using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.Store;

/// <inheritdoc cref="IBroughtPhotos"/>
internal sealed class BroughtPhotos(WriteTransactions transactions, PhotoAnnouncements announcements, PhotoArrival arrival, BlobIntake intake, IOptions<PhotoOptions> options, TimeProvider clock) : IBroughtPhotos
{
    public long MostBytes => options.Value.MaximumBytes;

    public async Task<Outcome<Done>> TakeAsync(BroughtPhoto photo, CancellationToken cancellationToken)
    {
        if (options.Value.Refuse(photo.ContentType, photo.Bytes.Length) is { } refusal)
        {
            return refusal;
        }

        if (PictureKinds.Of(photo.Bytes.AsSpan(0, Math.Min(photo.Bytes.Length, PictureKinds.HeadBytes))) is null)
        {
            return PhotoProblems.NotAnImage.Because("The bytes are no JPEG, PNG, WebP or HEIC picture.");
        }

        using var received = await intake.ReceiveAsync(new MemoryStream(photo.Bytes), photo.Bytes.Length, cancellationToken);
        if (received!.Hash != BlobHash.Of(photo.Sha256))
        {
            return PhotoProblems.HashDiffers.For("sha256", $"The bytes have the SHA-256 {received.Hash}.");
        }

        var announced = await transactions.RunAsync<Photo>(
            async token => await announcements.AnnounceAsync(
                new AnnouncedPhoto(photo.FileName, photo.ContentType, photo.Bytes.Length, photo.Sha256, null, photo.ReadingClientId, photo.SkipClientId),
                one =>
                {
                    one.ExpiresAt = clock.GetUtcNow().ToStored() + TimeSpan.FromHours(options.Value.UploadHours);
                    return Task.CompletedTask;
                },
                token),
            cancellationToken);
        var taken = announced.Succeeded ? await arrival.TakeAsync(announced.Value, received, null, cancellationToken) : announced;
        return taken.Succeeded ? Done.It : taken.Problem;
    }
}
