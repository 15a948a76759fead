using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Jpeg;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Photos.Domain;

namespace MeterSync.Modules.Photos.Store;

/// <summary>What the camera wrote into a photo. Null where it did not.</summary>
internal sealed record PhotoExif(DateTimeOffset? TakenAt, Position? Position, int? Orientation)
{
    private const int OffsetTimeOriginal = 0x9011;
    private const int OffsetTime = 0x9010;
    private static readonly PhotoExif Nothing = new(null, null, null);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Never fails: a photo whose EXIF is broken is a photo without.</summary>
    public static PhotoExif Read(Stream picture, string contentType, ILogger log)
    {
        try
        {
            return Of(DirectoriesOf(picture, contentType));
        }
        catch (Exception exception)
        {
            // The library meets whatever bytes somebody sent, and speaks of them through exceptions of every kind.
            log.LogDebug(exception, "The EXIF of a photo could not be read");
            return Nothing;
        }
    }

    /// <summary>Only the part with EXIF, and not of PNG, whose compressed parts may unpack to any size.</summary>
    private static IReadOnlyList<MetadataExtractor.Directory> DirectoriesOf(Stream picture, string contentType) => contentType switch
    {
        PictureKinds.Jpeg => JpegMetadataReader.ReadMetadata(picture, [new ExifReader()]),
        PictureKinds.Webp => MetadataExtractor.Formats.WebP.WebPMetadataReader.ReadMetadata(picture),
        PictureKinds.Heic => MetadataExtractor.Formats.Heif.HeifMetadataReader.ReadMetadata(picture),
        _ => [],
    };

    private static PhotoExif Of(IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        var gps = directories.OfType<GpsDirectory>().FirstOrDefault();
        var orientation = directories.OfType<ExifIfd0Directory>().FirstOrDefault()?.TryGetInt32(ExifDirectoryBase.TagOrientation, out var number) is true && number is >= 1 and <= 8 ? number : (int?)null;
        var place = gps?.GetGeoLocation();
        var position = place is { IsZero: false } && place.Latitude is >= -90 and <= 90 && place.Longitude is >= -180 and <= 180 ? new Position(place.Latitude, place.Longitude) : (Position?)null;
        return new PhotoExif(TakenAtOf(directories.OfType<ExifSubIfdDirectory>().FirstOrDefault(), gps), position, orientation);
    }

    /// <summary>The camera's clock with its offset, else the satellites' time. A clock without an offset may be fourteen hours off: it says nothing.</summary>
    private static DateTimeOffset? TakenAtOf(ExifSubIfdDirectory? exif, GpsDirectory? gps)
    {
        var offset = exif?.GetString(OffsetTimeOriginal) ?? exif?.GetString(OffsetTime);
        if (exif?.GetString(ExifDirectoryBase.TagDateTimeOriginal) is { } local && offset is not null
            && DateTimeOffset.TryParseExact($"{local.Trim()} {offset.Trim()}", "yyyy:MM:dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at > Earliest)
        {
            return at.ToStored();
        }

        return gps?.TryGetGpsDate(out var utc) is true && new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)) is var seen && seen > Earliest ? seen.ToStored() : null;
    }
}
