namespace MeterSync.Store.Blobs;

/// <summary>Where the bytes of photos and files lie, each under its SHA-256: on disk or in S3. What is there is whole; the same bytes are there once.
/// Who puts bytes there also takes them into <see cref="BlobLedger"/>, or they are swept away after a day.</summary>
/// <remarks>Every method throws <see cref="BlobStoreException"/> where the storage cannot serve, which callers of the API hear as 503.</remarks>
internal interface IBlobStore
{
    /// <summary>Puts bytes that were received here. Bytes that are there already stay and count as put now.</summary>
    Task PutAsync(ReceivedBlob received, CancellationToken cancellationToken);

    /// <summary>Puts bytes from elsewhere.</summary>
    /// <param name="hash">What they must come to.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <exception cref="InvalidDataException">Length or hash differ.</exception>
    Task PutAsync(BlobHash hash, Stream content, long length, CancellationToken cancellationToken);

    /// <summary>A stream that can seek; null where there are no such bytes.</summary>
    Task<Stream?> OpenAsync(BlobHash hash, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(BlobHash hash, CancellationToken cancellationToken);

    /// <summary>When the bytes were last put there; null where there are none.</summary>
    Task<DateTimeOffset?> PutAtAsync(BlobHash hash, CancellationToken cancellationToken);

    /// <summary>Whether asking takes no network: then one may ask within a transaction.</summary>
    bool IsNear { get; }

    /// <summary>What is not there is deleted already.</summary>
    Task DeleteAsync(BlobHash hash, CancellationToken cancellationToken);

    /// <summary>All that is there, in no order.</summary>
    IAsyncEnumerable<StoredBlob> ListAsync(CancellationToken cancellationToken);
}

/// <param name="PutAt">When the bytes were last put there.</param>
internal readonly record struct StoredBlob(BlobHash Hash, long Length, DateTimeOffset PutAt);

/// <summary>The storage cannot serve: full, not writable, not reachable or not as it was configured. Nothing half-done is left.</summary>
internal sealed class BlobStoreException(string message, Exception inner) : Exception(message, inner);
