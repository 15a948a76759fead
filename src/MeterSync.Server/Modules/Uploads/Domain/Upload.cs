using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads.Domain;

internal enum UploadStatus
{
    Open,
    Finished,
}

/// <summary>A file that comes in pieces.</summary>
internal sealed class Upload
{
    public UploadId Id { get; set; }

    public UserId UserId { get; set; }

    /// <summary>Whose follower takes the file.</summary>
    public string Purpose { get; set; } = "";

    public Guid? SubjectId { get; set; }

    public long Length { get; set; }

    /// <summary>Bytes from the beginning that are durable.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>What the file's hash must be; null where the sender did not say.</summary>
    public byte[]? Sha256 { get; set; }

    public string? FileName { get; set; }

    public string? ContentType { get; set; }

    /// <summary>Upload-Metadata as it came, for HEAD; null where the upload was begun otherwise.</summary>
    public string? Metadata { get; set; }

    /// <summary>Where the bytes are, in the words of the store that has them; null where it needs none.</summary>
    public string? Pieces { get; set; }

    public UploadStatus Status { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Moved on by each byte.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsWhole => ReceivedBytes == Length;
}
