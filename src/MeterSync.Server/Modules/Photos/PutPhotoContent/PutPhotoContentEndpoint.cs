using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.PutPhotoContent;

internal sealed record PutPhotoContentRequest
{
    [FromRoute(Name = "id")]
    public Guid Id { get; init; }

    /// <summary>As upload_url has it; without it a sign-in is needed.</summary>
    [FromQuery(Name = PhotoSeals.Parameter)]
    public string? Signature { get; init; }
}

internal static class PutPhotoContentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/photos/{id:guid}/content", async ([AsParameters] PutPhotoContentRequest request, HttpRequest http, PutPhotoContentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, http.Body, http.ContentLength, cancellationToken)).ToAnswer())
            .BodyUpTo(PhotoOptions.Most)
            .Slice<PhotoView>("PutPhotoContent", "The bytes of an announced photo, at the address that was given for them").OpenToAllKnowingCaller();
}

internal sealed class PutPhotoContentHandler(MeterSyncDb db, PhotoSeals seals, PhotoArrival arrival, PhotoViews views, BlobIntake intake, CallerAccessor callers)
{
    /// <param name="request">Which photo, and the seal of its address.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many its sender says come; null unsaid.</param>
    /// <param name="cancellationToken">Stops; nothing is kept.</param>
    public async Task<Outcome<PhotoView>> HandleAsync(PutPhotoContentRequest request, Stream body, long? length, CancellationToken cancellationToken)
    {
        var id = new PhotoId(request.Id);
        if (Refuse(request, id) is { } refusal)
        {
            return refusal;
        }

        IQueryable<Photo> photos = db.Set<Photo>().AsNoTracking();
        photos = request.Signature is null ? photos.VisibleTo(db, callers.Caller) : photos;
        if (await photos.FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } photo)
        {
            return PhotoProblems.NotFound.Because($"There is no photo {request.Id} any more. Announce it again.");
        }

        if (length is { } announced && announced != photo.Length)
        {
            return PhotoProblems.SizeDiffers.For("size", $"{announced} bytes are to come; {photo.Length} were announced.");
        }

        using var received = await intake.ReceiveAsync(body, photo.Length, cancellationToken);
        if (received is null)
        {
            return PhotoProblems.SizeDiffers.For("size", $"More than the {photo.Length} announced bytes came. Nothing was kept.");
        }

        var taken = await arrival.TakeAsync(photo, received, null, cancellationToken);
        return taken.Succeeded ? views.Of(taken.Value) : taken.Problem;
    }

    private Problem? Refuse(PutPhotoContentRequest request, PhotoId id) =>
        request.Signature is { } signature ? seals.Refuse(signature, PhotoLinkUse.Upload, id)
        : callers.Known is not { } caller ? KernelProblems.Unauthenticated.Because("Sign in, or send the bytes to the upload_url as it was given.")
        : caller.May(PhotoPermissions.Create) ? null
        : KernelProblems.Forbidden.Because($"The role {caller.Role} does not hold {PhotoPermissions.Create}.");
}
