using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Takes photos that came in pieces.</summary>
internal sealed class PhotoUploadFollower(MeterSyncDb db, PhotoArrival arrival, BlobIntake intake, IOptions<PhotoOptions> options) : IUploadFollower
{
    public const string Word = "photo";

    public string Purpose => Word;

    public long? MostBytes => options.Value.MaximumBytes;

    /// <summary>A photo is announced first, by the same person: only then is it known what it belongs to.</summary>
    public async Task<Problem?> RefuseAsync(NewUpload upload, CancellationToken cancellationToken)
    {
        var id = new PhotoId(upload.SubjectId ?? Guid.Empty);
        return await db.Set<Photo>().AnyAsync(photo => photo.Id == id && photo.UserId == upload.UserId, cancellationToken)
            ? null
            : PhotoProblems.NotFound.Because("Announce the photo at POST /api/v1/photos/presigned-url first, and send its bytes to the resumable_url of the answer.");
    }

    public async Task<Outcome<Done>> FinishedAsync(FinishedUpload upload, CancellationToken cancellationToken)
    {
        var id = new PhotoId(upload.SubjectId ?? Guid.Empty);
        if (await db.Set<Photo>().AsNoTracking().FirstOrDefaultAsync(photo => photo.Id == id, cancellationToken) is not { } photo)
        {
            return PhotoProblems.NotFound.Because($"There is no photo {id.Value} any more. Announce it again.");
        }

        await using var file = File.OpenRead(upload.FilePath);
        using var received = await intake.ReceiveAsync(file, photo.Length, cancellationToken);
        if (received is null)
        {
            return PhotoProblems.SizeDiffers.For("size", $"{upload.Length} bytes came; {photo.Length} were announced.");
        }

        var taken = await arrival.TakeAsync(photo, received, upload.Id, cancellationToken);
        return taken.Succeeded ? Done.It : taken.Problem;
    }
}
