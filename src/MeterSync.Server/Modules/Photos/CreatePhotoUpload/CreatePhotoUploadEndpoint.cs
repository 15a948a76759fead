using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Photos.CreatePhotoUpload;

/// <param name="Filename">As the phone calls it.</param>
/// <param name="ContentType">image/jpeg, image/png, image/webp or image/heic. What the bytes are decides in the end.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="ReadingId">The reading it shows, or <paramref name="ReadingClientId"/>.</param>
/// <param name="ReadingClientId">The client_id of a reading that may still be on its way.</param>
/// <param name="SkipClientId">The client_id of a visit without a value.</param>
internal sealed record CreatePhotoUploadRequest(
    [property: Required, StringLength(500)] string? Filename,
    [property: Required, StringLength(100)] string? ContentType,
    [property: Required, Range(1L, long.MaxValue)] long? Size,
    [property: Required, RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "sha256 is 64 hexadecimal digits.")] string? Sha256,
    Guid? ReadingId,
    Guid? ReadingClientId,
    Guid? SkipClientId);

/// <param name="FileId">The same as <paramref name="PhotoId"/>.</param>
/// <param name="FileKey">Its address for its viewers.</param>
/// <param name="UploadUrl">Takes the bytes by <paramref name="Method"/> until <paramref name="ExpiresAt"/>, without a sign-in.</param>
/// <param name="Headers">To be sent along with the bytes.</param>
/// <param name="UploadHeaders">The same as <paramref name="Headers"/>.</param>
/// <param name="ResumableUrl">Takes the bytes in pieces by tus 1.0, with the sign-in; null where pieces are not taken.</param>
internal sealed record PhotoUploadView(
    Guid PhotoId,
    Guid FileId,
    string FileKey,
    string UploadUrl,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> UploadHeaders,
    DateTimeOffset ExpiresAt,
    string? ResumableUrl);

internal static class CreatePhotoUploadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/photos/presigned-url", async (CreatePhotoUploadRequest request, HttpRequest http, CreatePhotoUploadHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, $"{http.Scheme}://{http.Host}", cancellationToken)).ToCreated(view => $"/api/v1/photos/{view.PhotoId}"))
            .Slice<PhotoUploadView>("CreatePhotoUpload", "Announce a photo; answers where to send its bytes", StatusCodes.Status201Created).RequirePermission(PhotoPermissions.Create)
            .BodyLike("""{"filename":"meter.jpg","content_type":"image/jpeg","size":204800,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","reading_client_id":"01890000-0000-7000-8000-000000000001"}""");
}
