using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;

namespace MeterSync.Modules.Photos;

/// <summary>What photos and files may be. Section <c>Photos</c>.</summary>
internal sealed class PhotoOptions
{
    public const string Section = "Photos";

    /// <summary>No setting lets more than this in.</summary>
    public const long Most = 100L * 1024 * 1024;

    /// <summary>Bytes of one photo.</summary>
    [Range(1_024L, Most)]
    public long MaximumBytes { get; set; } = 10L * 1024 * 1024;

    /// <summary>Bytes of one document.</summary>
    [Range(1_024L, Most)]
    public long DocumentBytes { get; set; } = 25L * 1024 * 1024;

    /// <summary>Hours for which an address that takes a photo works.</summary>
    [Range(1, 168)]
    public int UploadHours { get; set; } = 24;

    /// <summary>Minutes for which an address of a photo works without a sign-in.</summary>
    [Range(1, 10_080)]
    public int LinkMinutes { get; set; } = 60;

    /// <summary>Null for a photo that may come, as far as can be said before it does.</summary>
    /// <param name="contentType">As its sender says.</param>
    /// <param name="length">Bytes.</param>
    public Problem? Refuse(string contentType, long length) =>
        !PictureKinds.Announced.Contains(contentType.Trim(), StringComparer.OrdinalIgnoreCase) ? PhotoProblems.TypeNotAccepted.For("content_type", $"Photos are {string.Join(", ", PictureKinds.Announced)}.")
        : length > MaximumBytes ? PhotoProblems.TooLarge.For("size", $"The photo has {length} bytes; {MaximumBytes} are the most.")
        : null;
}
