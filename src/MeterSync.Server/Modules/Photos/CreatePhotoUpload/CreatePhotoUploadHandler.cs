using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.CreatePhotoUpload;

/// <summary>Bytes that are here already are sent all the same: who cannot prove to have them learns nothing of them.</summary>
internal sealed class CreatePhotoUploadHandler(
    MeterSyncDb db, WriteTransactions transactions, PhotoAnnouncements announcements, PhotoSeals seals, S3Staging staging, IUploads uploads, CallerAccessor callers, IOptions<PhotoOptions> options, TimeProvider clock)
{
    public async Task<Outcome<PhotoUploadView>> HandleAsync(CreatePhotoUploadRequest request, string origin, CancellationToken cancellationToken)
    {
        if (options.Value.Refuse(request.ContentType!, request.Size!.Value) is { } refusal)
        {
            return refusal;
        }

        var announced = await transactions.RunAsync(token => AnnounceAsync(request, token), cancellationToken);
        if (!announced.Succeeded)
        {
            return announced.Problem;
        }

        var photo = announced.Value;
        var type = photo.ContentType;
        IReadOnlyDictionary<string, string> headers = new Dictionary<string, string> { ["Content-Type"] = type };
        var url = staging.IsUsed
            ? await staging.AddressAsync(photo.Id.Value, type, photo.ExpiresAt)
            : $"{origin}{PhotoView.PathOf(photo.Id)}?{PhotoSeals.Parameter}={seals.Of(PhotoLinkUse.Upload, photo.Id, photo.ExpiresAt)}";
        return new PhotoUploadView(
            photo.Id.Value, photo.Id.Value, $"photos/{photo.Id.Value}", url, HttpMethods.Put, headers, headers, photo.ExpiresAt, photo.UploadId is { } upload ? $"{origin}/uploads/{upload.Value}" : null);
    }

    private async Task<Outcome<Photo>> AnnounceAsync(CreatePhotoUploadRequest request, CancellationToken cancellationToken)
    {
        var reading = request.ReadingId is { } given ? new ReadingId(given) : (ReadingId?)null;
        if (reading is { } named && !await db.OfReadings().SeenBy(db, callers.Caller).AnyAsync(one => one.Id == named, cancellationToken))
        {
            return PhotoProblems.ReadingNotFound.For("reading_id", $"There is no reading {named.Value}.");
        }

        return await announcements.AnnounceAsync(
            new AnnouncedPhoto(request.Filename, request.ContentType!, request.Size!.Value, Convert.FromHexString(request.Sha256!), reading, request.ReadingClientId, request.SkipClientId),
            photo => OpenAsync(photo, cancellationToken),
            cancellationToken);
    }

    /// <summary>Its bytes may come from now on. An upload that no byte reaches any more is replaced. Where too many pieces are under way the photo comes in one.</summary>
    private async Task OpenAsync(Photo photo, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        if (photo.State == PhotoState.Pending && callers.Caller.UserId is { } user && !(photo.UploadId is { } known && await uploads.IsOpenAsync(known, cancellationToken)))
        {
            if (photo.UploadId is { } dead)
            {
                await db.EndUploadAsync(dead, cancellationToken);
            }

            var begun = await uploads.BeginAsync(
                new NewUpload { UserId = user, Length = photo.Length, Sha256 = photo.Sha256, FileName = photo.FileName, ContentType = photo.ContentType, Purpose = PhotoUploadFollower.Word, SubjectId = photo.Id.Value },
                cancellationToken);
            photo.UploadId = begun.Succeeded ? begun.Value.Id : null;
        }

        photo.ExpiresAt = now + TimeSpan.FromHours(options.Value.UploadHours);
    }
}
