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

/// <summary>Announced again, as after a lost answer, a photo stays the one photo. Bytes that are here already are sent all the same: who cannot prove to have them learns nothing of them.</summary>
internal sealed class CreatePhotoUploadHandler(
    MeterSyncDb db, WriteTransactions transactions, PhotoLinks links, PhotoSeals seals, S3Staging staging, IEnumerable<IUploads> uploads, CallerAccessor callers, IOptions<PhotoOptions> options, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<PhotoUploadView>> HandleAsync(CreatePhotoUploadRequest request, string origin, CancellationToken cancellationToken)
    {
        if (!PictureKinds.Announced.Contains(request.ContentType!.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return PhotoProblems.TypeNotAccepted.For("content_type", $"Photos are {string.Join(", ", PictureKinds.Announced)}.");
        }

        if (request.Size > options.Value.MaximumBytes)
        {
            return PhotoProblems.TooLarge.For("size", $"The photo has {request.Size} bytes; {options.Value.MaximumBytes} are the most.");
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

        var now = clock.GetUtcNow().ToStored();
        var known = await FindAsync(request, reading, cancellationToken);
        var photo = known ?? New(request, now);
        if (known is null)
        {
            db.Add(photo);
            transactions.Afterwards(PhotoMetrics.Announced);
        }

        if (photo.State == PhotoState.Pending && (photo.UploadId is null || photo.ExpiresAt <= now))
        {
            await BeginPiecesAsync(photo, cancellationToken);
        }

        photo.ExpiresAt = now + TimeSpan.FromHours(options.Value.UploadHours);
        await db.SaveChangesAsync(cancellationToken);
        if (known is null)
        {
            await TieAsync(photo, reading, cancellationToken);
        }

        return photo;
    }

    private async Task<Photo?> FindAsync(CreatePhotoUploadRequest request, ReadingId? reading, CancellationToken cancellationToken)
    {
        var (user, sha256) = (Sender, Convert.FromHexString(request.Sha256!));
        return await db.Set<Photo>().FirstOrDefaultAsync(
            photo => photo.Sha256 == sha256 && photo.UserId == user && photo.Length == request.Size && photo.ReadingClientId == request.ReadingClientId && photo.SkipClientId == request.SkipClientId
                && (reading == null || db.Set<PhotoLink>().Any(link => link.PhotoId == photo.Id && link.ReadingId == reading)),
            cancellationToken);
    }

    private UserId Sender => callers.Caller.UserId ?? new UserId(Guid.Empty);

    private Photo New(CreatePhotoUploadRequest request, DateTimeOffset now) => new()
    {
        Id = ids.Next<PhotoId>(),
        UserId = Sender,
        ReadingClientId = request.ReadingClientId,
        SkipClientId = request.SkipClientId,
        FileName = FileNames.Clean(request.Filename, "photo"),
        ContentType = request.ContentType!.Trim().ToLowerInvariant(),
        Length = request.Size!.Value,
        Sha256 = Convert.FromHexString(request.Sha256!),
        State = PhotoState.Pending,
        CreatedAt = now,
    };

    /// <summary>Where too many pieces are under way the photo comes in one.</summary>
    private async Task BeginPiecesAsync(Photo photo, CancellationToken cancellationToken)
    {
        if (uploads.FirstOrDefault() is { } pieces && callers.Caller.UserId is { } user)
        {
            var begun = await pieces.BeginAsync(
                new NewUpload { UserId = user, Length = photo.Length, Sha256 = photo.Sha256, FileName = photo.FileName, ContentType = photo.ContentType, Purpose = PhotoUploadFollower.Word, SubjectId = photo.Id.Value },
                cancellationToken);
            photo.UploadId = begun.Succeeded ? begun.Value.Id : null;
        }
    }

    private async Task TieAsync(Photo photo, ReadingId? reading, CancellationToken cancellationToken)
    {
        if (reading is { } named)
        {
            await links.LinkAsync(photo.Id, named, cancellationToken);
        }

        if (reading is not null || photo.ReadingClientId is not null)
        {
            await links.FollowAsync(photo, cancellationToken);
        }
    }
}
