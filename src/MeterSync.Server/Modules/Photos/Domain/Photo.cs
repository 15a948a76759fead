using MeterSync.Kernel;

namespace MeterSync.Modules.Photos.Domain;

/// <summary>Where a photo stands.</summary>
internal enum PhotoState
{
    /// <summary>Announced; its bytes are still to come.</summary>
    Pending,

    /// <summary>Its bytes are here, and are the announced ones.</summary>
    Complete,
}

/// <summary>A photo that somebody announced, and its bytes once they came.</summary>
internal sealed class Photo
{
    public PhotoId Id { get; set; }

    /// <summary>Who takes it here; nobody's for the operator at the machine.</summary>
    public UserId UserId { get; set; }

    /// <summary>The reading it belongs to, as its sender named it; null for none. <see cref="PhotoLink"/> ties it once the reading is here.</summary>
    public Guid? ReadingClientId { get; set; }

    /// <summary>The visit without a value it belongs to; null for none.</summary>
    public Guid? SkipClientId { get; set; }

    public string FileName { get; set; } = "";

    /// <summary>As announced; once complete, as the bytes are.</summary>
    public string ContentType { get; set; } = "";

    /// <summary>Bytes.</summary>
    public long Length { get; set; }

    /// <summary>32 bytes; under them the bytes lie in the store once it is complete.</summary>
    public byte[] Sha256 { get; set; } = [];

    public PhotoState State { get; set; }

    /// <summary>SHA-256 of a small picture of it; null where none could be made.</summary>
    public byte[]? ThumbnailSha256 { get; set; }

    /// <summary>How often making the small picture failed for a reason that may pass; 0 where it was made or cannot be.</summary>
    public int ThumbnailTries { get; set; }

    /// <summary>Pixels; null where nobody decoded it.</summary>
    public int? Width { get; set; }

    public int? Height { get; set; }

    /// <summary>How the camera was held, 1 to 8 as EXIF numbers it; null unknown.</summary>
    public int? Orientation { get; set; }

    /// <summary>When the camera says it was taken; null where it does not say, or says it without an offset from UTC.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>Where the camera says it was taken.</summary>
    public double? Latitude { get; set; }

    public double? Longitude { get; set; }

    /// <summary>Where its bytes may come in pieces; null for nowhere.</summary>
    public UploadId? UploadId { get; set; }

    /// <summary>Until then the address it was given takes its bytes.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Code of the problem for which bytes that were the announced ones were refused last; null where none were, or once it is complete.</summary>
    public string? Refusal { get; set; }

    public DateTimeOffset? RefusedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }
}

/// <summary>A photo of a reading. One photo may show two meters.</summary>
internal sealed class PhotoLink
{
    public ReadingId ReadingId { get; set; }

    public PhotoId PhotoId { get; set; }

    public DateTimeOffset LinkedAt { get; set; }
}
