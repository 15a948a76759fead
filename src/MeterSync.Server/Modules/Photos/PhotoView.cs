using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store.Blobs;

namespace MeterSync.Modules.Photos;

/// <summary>A photo as the API shows it.</summary>
/// <param name="State">pending until its bytes are here.</param>
/// <param name="Url">Where its bytes are, for a time and without a sign-in; null while they are not here.</param>
/// <param name="ThumbnailUrl">The same for a small picture; null where there is none.</param>
/// <param name="ContentType">As the bytes are; as announced while pending.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Width">Pixels; null where nobody decoded it.</param>
/// <param name="Orientation">1 to 8 as EXIF numbers it; null unknown.</param>
/// <param name="TakenAt">When the camera says it was taken; null where it does not say, or without an offset.</param>
/// <param name="Latitude">Where the camera says it was taken, degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="UserId">Who sent it.</param>
/// <param name="Refusal">Code of the problem for which its bytes were refused when they last came: it stays pending until somebody sees to it. Null otherwise.</param>
/// <param name="RefusedAt">When.</param>
internal sealed record PhotoView(
    Guid Id,
    PhotoState State,
    string? Url,
    string? ThumbnailUrl,
    string FileName,
    string ContentType,
    long Size,
    string Sha256,
    int? Width,
    int? Height,
    int? Orientation,
    DateTimeOffset? TakenAt,
    double? Latitude,
    double? Longitude,
    Guid? ReadingClientId,
    Guid? SkipClientId,
    Guid UserId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    string? Refusal,
    DateTimeOffset? RefusedAt)
{
    public static string PathOf(PhotoId id) => $"/api/v1/photos/{id.Value}/content";

    /// <param name="photo">The photo.</param>
    /// <param name="seals">Seals its addresses.</param>
    /// <param name="until">When they stop to work.</param>
    public static PhotoView Of(Photo photo, PhotoSeals seals, DateTimeOffset until)
    {
        var url = photo.State == PhotoState.Complete ? $"{PathOf(photo.Id)}?{PhotoSeals.Parameter}={seals.Of(PhotoLinkUse.View, photo.Id, until)}" : null;
        return new PhotoView(
            photo.Id.Value,
            photo.State,
            url,
            photo.ThumbnailSha256 is null ? null : url + "&size=thumb",
            photo.FileName,
            photo.ContentType,
            photo.Length,
            BlobHash.Of(photo.Sha256).Hex,
            photo.Width,
            photo.Height,
            photo.Orientation,
            photo.TakenAt,
            photo.Latitude,
            photo.Longitude,
            photo.ReadingClientId,
            photo.SkipClientId,
            photo.UserId.Value,
            photo.CreatedAt,
            photo.CompletedAt,
            photo.Refusal,
            photo.RefusedAt);
    }
}
