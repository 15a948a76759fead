using System.Buffers;
using System.Security.Cryptography;

namespace MeterSync.Store.Blobs;

/// <summary>Receives bytes into temporary files on the storage's own disk, counting and hashing them as they come.</summary>
internal sealed class BlobIntake(BlobFolders folders, BlobWatch watch)
{
    private const int BufferBytes = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="content">Read to its end, or one byte past the most.</param>
    /// <param name="mostBytes">How many are taken.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <returns>Null where there are more bytes than that.</returns>
    /// <exception cref="BlobStoreException">The disk is full or cannot be written to.</exception>
    public async Task<ReceivedBlob?> ReceiveAsync(Stream content, long mostBytes, CancellationToken cancellationToken)
    {
        var path = folders.NewTemporary();
        var isWhole = false;
        try
        {
            await using (var file = Create(path))
            {
                var received = await CopyAsync(content, file, mostBytes, cancellationToken);
                if (received is not { } whole)
                {
                    return null;
                }

                // What is renamed to its place must be on the disk itself: a file of the right name with wrong bytes would never be looked at again.
                DiskFault.Guard(watch, () => file.Flush(flushToDisk: true));
                isWhole = true;
                return new ReceivedBlob(whole.Hash, whole.Length, path);
            }
        }
        finally
        {
            if (!isWhole && File.Exists(path))
            {
                File.Delete(path);
            }
        }
    }

    private FileStream Create(string path) => DiskFault.Guard(watch, () =>
    {
        folders.Create();
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0, UnixCreateMode = OperatingSystem.IsWindows() ? null : OwnerOnly });
    });

    private async Task<(BlobHash Hash, long Length)?> CopyAsync(Stream content, FileStream file, long mostBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var total = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken)) > 0)
            {
                total += read;
                if (total > mostBytes)
                {
                    return null;
                }

                hash.AppendData(buffer, 0, read);
                await DiskFault.GuardAsync(watch, () => file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).AsTask());
            }

            return (BlobHash.Of(hash.GetHashAndReset()), total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
