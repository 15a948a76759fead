using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.GetPhotoContent;

internal sealed record GetPhotoContentRequest
{
    [FromRoute(Name = "id")]
    public Guid Id { get; init; }

    /// <summary>thumb for a small picture; the whole photo where there is none.</summary>
    [AllowedValues(null, "thumb", "full", ErrorMessage = "size is thumb or full.")]
    public string? Size { get; init; }

    /// <summary>As url has it; without it a sign-in is needed.</summary>
    [FromQuery(Name = PhotoSeals.Parameter)]
    public string? Signature { get; init; }
}

internal static class GetPhotoContentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/photos/{id:guid}/content", async ([AsParameters] GetPhotoContentRequest request, HttpContext http, GetPhotoContentHandler handler, CancellationToken cancellationToken) =>
            {
                var found = await handler.HandleAsync(request, cancellationToken);
                return found.Succeeded ? found.Value.ToResult(http, isDownload: false) : new Answer<BlobContent>(found.Problem);
            })
            .WithName("GetPhotoContent").WithSummary("The bytes of a photo, by sign-in or by an address that works for a while; byte ranges are honoured")
            .Produces(StatusCodes.Status200OK, contentType: PictureKinds.Jpeg, additionalContentTypes: [PictureKinds.Png, PictureKinds.Webp, PictureKinds.Heic])
            .Produces(StatusCodes.Status206PartialContent, contentType: PictureKinds.Jpeg, additionalContentTypes: [PictureKinds.Png, PictureKinds.Webp, PictureKinds.Heic])
            .OpenToAllKnowingCaller();
}

internal sealed class GetPhotoContentHandler(MeterSyncDb db, PhotoSeals seals, IBlobStore store, CallerAccessor callers)
{
    public async Task<Outcome<BlobContent>> HandleAsync(GetPhotoContentRequest request, CancellationToken cancellationToken)
    {
        var id = new PhotoId(request.Id);
        if (Refuse(request, id) is { } refusal)
        {
            return refusal;
        }

        IQueryable<Photo> photos = db.Set<Photo>().AsNoTracking();
        photos = request.Signature is null ? photos.VisibleTo(db, callers.Caller) : photos;
        if (await photos.FirstOrDefaultAsync(one => one.Id == id && one.State == PhotoState.Complete, cancellationToken) is not { } photo)
        {
            return PhotoProblems.NotFound.Because($"There is no photo {request.Id}, or its bytes are not here yet.");
        }

        var isSmall = request.Size == "thumb" && photo.ThumbnailSha256 is not null;
        var hash = BlobHash.Of(isSmall ? photo.ThumbnailSha256 : photo.Sha256);
        return await store.OpenAsync(hash, cancellationToken) is { } stream
            ? new BlobContent(stream, isSmall ? PictureKinds.Jpeg : photo.ContentType, photo.FileName, hash)
            : throw new BlobStoreException("Bytes of a photo are not in the storage.", new FileNotFoundException(hash.Hex));
    }

    /// <summary>A seal stands for itself, whoever shows it.</summary>
    private Problem? Refuse(GetPhotoContentRequest request, PhotoId id) =>
        request.Signature is { } signature ? seals.Refuse(signature, PhotoLinkUse.View, id)
        : callers.Known is not { } caller ? KernelProblems.Unauthenticated.Because("Sign in, or use the address of the photo as it was given.")
        : caller.May(PhotoPermissions.Read) ? null
        : KernelProblems.Forbidden.Because($"The role {caller.Role} does not hold {PhotoPermissions.Read}.");
}
