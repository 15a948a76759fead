using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;

namespace MeterSync.Modules.Uploads.Partial;

/// <summary>Where the bytes of an upload are until it is whole.</summary>
internal interface IPartialStore
{
    /// <summary>After how many bytes a long request makes durable what it has: what a killed server may lose of it.</summary>
    long BytesBetweenFlushes { get; }

    /// <summary>Bytes from the beginning that are there, at most those the upload counts.</summary>
    Task<long> DurableBytesAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>To write behind the bytes the upload counts. What was written behind them before and never counted is thrown away.</summary>
    /// <exception cref="PartialHeldException">Another process writes.</exception>
    Task<IPartialWriter> OpenAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>The whole file, to read where it is or as a copy.</summary>
    /// <exception cref="PartialLostException">Some of it is gone.</exception>
    Task<PartialFile> ReadAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Throws the bytes away; no error where there are none.</summary>
    Task DeleteAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Uploads of which something is here and was not touched since.</summary>
    IAsyncEnumerable<UploadId> ListAsync(DateTimeOffset untouchedSince, CancellationToken cancellationToken);

    /// <summary>Deletes local files that a killed process left, and that were not touched since.</summary>
    void ClearScratch(DateTimeOffset untouchedSince);
}

/// <summary>Writes at the end of one upload.</summary>
internal interface IPartialWriter : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>All that was written outlives a power cut once this returns. Gives the upload's next <see cref="Upload.Pieces"/>; only when that is stored do the bytes count.</summary>
    Task<string?> FlushAsync(CancellationToken cancellationToken);
}

/// <param name="Path">A local file.</param>
/// <param name="IsCopy">Made for this reading, and deleted after it.</param>
internal sealed record PartialFile(string Path, bool IsCopy) : IDisposable
{
    public void Dispose()
    {
        if (IsCopy)
        {
            File.Delete(Path);
        }
    }
}

/// <summary>Bytes that the upload counts are not there any more.</summary>
public sealed class PartialLostException(string message, Exception inner) : Exception(message, inner);

/// <summary>Another process writes to the upload.</summary>
public sealed class PartialHeldException(string message, Exception inner) : Exception(message, inner);
