using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.UploadPhoto;

internal static class UploadPhotoEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/files/upload/photo", async (HttpRequest http, UploadPhotoHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToCreated(view => view.FileUrl))
            .Accepts<FileForm>("multipart/form-data").BodyUpTo(PhotoOptions.Most)
            .Slice<FileView>("UploadPhoto", "Put a picture file here", StatusCodes.Status201Created).RequirePermission(PhotoPermissions.UploadPhotos);
}

internal sealed class UploadPhotoHandler(FileDesk desk, IOptions<PhotoOptions> options)
{
    public Task<Outcome<FileView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken) =>
        desk.TakeAsync(http, StoredFileKind.Photo, options.Value.MaximumBytes, (file, _) => Tell(file), cancellationToken);

    private static DocumentKind? Tell(Stream file)
    {
        Span<byte> head = stackalloc byte[PictureKinds.HeadBytes];
        return PictureKinds.Of(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]) is { } type ? new DocumentKind(type, PictureKinds.EndingOf(type)) : null;
    }
}
