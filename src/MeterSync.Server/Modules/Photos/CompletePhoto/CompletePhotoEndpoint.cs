using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.CompletePhoto;

/// <param name="PhotoId">The photo; or <paramref name="FileId"/>, which is the same.</param>
/// <param name="Sha256">As announced; left out, that of the announcement stands.</param>
internal sealed record CompletePhotoRequest(
    Guid? PhotoId, Guid? FileId, [property: RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "sha256 is 64 hexadecimal digits.")] string? Sha256);

internal static class CompletePhotoEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/photos/complete", async (CompletePhotoRequest request, CompletePhotoHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<PhotoView>("CompletePhoto", "Say that the bytes of a photo were sent; answers once they are verified and kept").RequirePermission(PhotoPermissions.Create)
            .BodyLike("""{"photo_id":"01890000-0000-7000-8000-000000000001","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}""");
}

/// <summary>On embedded storage the bytes completed the photo when they came, and this asks for it; in S3 they wait there until they are read and verified here.</summary>
internal sealed class CompletePhotoHandler(MeterSyncDb db, PhotoArrival arrival, PhotoViews views, IBlobStore store, S3Staging staging, CallerAccessor callers)
{
    public async Task<Outcome<PhotoView>> HandleAsync(CompletePhotoRequest request, CancellationToken cancellationToken)
    {
        if ((request.PhotoId ?? request.FileId) is not { } given)
        {
            return KernelProblems.Invalid.For("photo_id", "Name the photo by photo_id or file_id.");
        }

        var id = new PhotoId(given);
        if (await db.Set<Photo>().AsNoTracking().VisibleTo(db, callers.Caller).FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } photo)
        {
            return PhotoProblems.NotFound.Because($"There is no photo {given}.");
        }

        if (BlobHash.TryParse(request.Sha256, out var hash) && hash != BlobHash.Of(photo.Sha256))
        {
            return PhotoProblems.HashDiffers.For("sha256", $"The photo was announced with the SHA-256 {BlobHash.Of(photo.Sha256)}.");
        }

        // After a restore that lacks the bytes their sender is asked for them again.
        if (photo.State == PhotoState.Complete && await store.ExistsAsync(BlobHash.Of(photo.Sha256), cancellationToken))
        {
            return views.Of(photo);
        }

        var fetched = await FetchAsync(photo, cancellationToken);
        return fetched.Succeeded ? views.Of(fetched.Value) : fetched.Problem;
    }

    private async Task<Outcome<Photo>> FetchAsync(Photo photo, CancellationToken cancellationToken)
    {
        if (!staging.IsUsed)
        {
            return PhotoProblems.NotUploaded.Because("The bytes of the photo are not here yet. Send them to upload_url or resumable_url.");
        }

        var (isThere, received) = await staging.FetchAsync(photo.Id.Value, photo.Length, cancellationToken);
        using (received)
        {
            if (!isThere)
            {
                // It may have come by another way since, which took the object along.
                if (photo.State == PhotoState.Pending && await db.Set<Photo>().AsNoTracking().FirstOrDefaultAsync(one => one.Id == photo.Id && one.State == PhotoState.Complete, cancellationToken) is { } complete)
                {
                    return complete;
                }

                return PhotoProblems.NotUploaded.Because("The bytes of the photo are not in the storage yet. Send them to upload_url or resumable_url.");
            }

            var taken = received is null
                ? PhotoProblems.SizeDiffers.For("size", $"More than the {photo.Length} announced bytes came. Send the photo again.")
                : await arrival.TakeAsync(photo, received, null, cancellationToken);

            // Refused bytes go as well: another attempt brings its own.
            await staging.DeleteAsync(photo.Id.Value, CancellationToken.None);
            return taken;
        }
    }
}
