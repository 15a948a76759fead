using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads.Public;

/// <summary>Begins uploads for modules that want a file from a client.</summary>
internal interface IUploads
{
    /// <summary>Joins the caller's unit of work: the upload exists once that is saved. Refused where the person has too many open ones, or the length is above the limit of its purpose.</summary>
    Task<Outcome<BegunUpload>> BeginAsync(NewUpload upload, CancellationToken cancellationToken);

    /// <summary>Whether bytes may still come: false for one that is finished, has run out or is gone.</summary>
    Task<bool> IsOpenAsync(UploadId id, CancellationToken cancellationToken);
}

/// <summary>A file that is going to come.</summary>
internal sealed record NewUpload
{
    /// <summary>Who alone may send it.</summary>
    public required UserId UserId { get; init; }

    /// <summary>Bytes, from 0.</summary>
    public required long Length { get; init; }

    /// <summary>32 bytes that the file's SHA-256 must be; null where the sender does not say.</summary>
    public byte[]? Sha256 { get; init; }

    /// <summary>As the sender calls it, without folders; null where unsaid.</summary>
    public string? FileName { get; init; }

    /// <summary>As the sender calls it: not to be trusted. Null where unsaid.</summary>
    public string? ContentType { get; init; }

    /// <summary>An <see cref="IUploadFollower.Purpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>What the file belongs to, as its follower knows it; null where that is not known yet.</summary>
    public Guid? SubjectId { get; init; }
}

/// <param name="Id">The upload.</param>
/// <param name="Url">Where its bytes go, from the root of this server: <c>/uploads/{id}</c>.</param>
/// <param name="ExpiresAt">Until then the next byte has to arrive; each one moves it on.</param>
internal sealed record BegunUpload(UploadId Id, string Url, DateTimeOffset ExpiresAt);

/// <summary>Takes the files of one purpose once they are whole.</summary>
internal interface IUploadFollower
{
    /// <summary>One word, in snake_case: <c>photo</c>.</summary>
    string Purpose { get; }

    /// <summary>Most bytes of one file; null for <c>Uploads:MostMegabytes</c>.</summary>
    long? MostBytes => null;

    /// <summary>Asked before a client begins an upload by itself: a problem refuses it. Null lets it begin.</summary>
    Task<Problem?> RefuseAsync(NewUpload upload, CancellationToken cancellationToken) => Task.FromResult<Problem?>(null);

    /// <summary>All bytes are there, and their hash is the one that was announced. Called before the last byte is acknowledged, and once more where that
    /// acknowledgement was lost with the server: it must be idempotent by the upload's id. While it throws or refuses, the upload stays whole and unfinished,
    /// and the client hears why with each request for it.</summary>
    Task<Outcome<Done>> FinishedAsync(FinishedUpload upload, CancellationToken cancellationToken);
}

/// <summary>A whole file.</summary>
/// <param name="Id">The upload.</param>
/// <param name="UserId">Who sent it.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">32 bytes, as the server computed them.</param>
/// <param name="Purpose">The follower's.</param>
/// <param name="SubjectId">As the upload began with it.</param>
/// <param name="FilePath">A local file to read until the call is over.</param>
/// <param name="FileName">As the sender calls it; null where unsaid.</param>
/// <param name="ContentType">As the sender calls it; null where unsaid.</param>
internal sealed record FinishedUpload(UploadId Id, UserId UserId, long Length, byte[] Sha256, string Purpose, Guid? SubjectId, string FilePath, string? FileName, string? ContentType);
