using MeterSync.Kernel;

namespace MeterSync.Modules.Photos.Domain;

/// <summary>What a file may be.</summary>
internal enum StoredFileKind
{
    Photo,
    Document,
}

/// <summary>A file that somebody put here by itself.</summary>
internal sealed class StoredFile : IAudited
{
    public StoredFileId Id { get; set; }

    /// <summary>In its address: the id and an ending.</summary>
    public string Name { get; set; } = "";

    public StoredFileKind Kind { get; set; }

    /// <summary>As its sender called it.</summary>
    public string FileName { get; set; } = "";

    /// <summary>As the bytes are, whatever the sender said.</summary>
    public string ContentType { get; set; } = "";

    public long Length { get; set; }

    public byte[] Sha256 { get; set; } = [];

    public UserId UserId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string AuditName => "file";

    public Guid AuditId => Id.Value;
}
