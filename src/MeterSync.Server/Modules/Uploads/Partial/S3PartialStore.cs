using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3.Model;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using MeterSync.Store.Blobs;

namespace MeterSync.Modules.Uploads.Partial;

/// <summary>An object for each piece that was made durable, so that several processes without a common disk take turns at an upload. The row says which objects count: what a process wrote that lost its turn
/// counts never and goes with the upload. No multipart upload of S3: its parts have at least 5 MiB, which is more than most photos, and a whole file is kept under its hash, which is known last.</summary>
internal sealed class S3PartialStore(PartialBucket bucket, DataDirectory data) : IPartialStore
{
    private const string Folder = "uploads/";
    private const string Whole = ".whole";
    private const string PieceOfWhole = ".piece";

    public long BytesBetweenFlushes => 4 * 1024 * 1024;

    private string Scratch => Path.Combine(data.Uploads, "tus");

    public Task<long> DurableBytesAsync(Upload upload, CancellationToken cancellationToken) =>
        Task.FromResult(Math.Min(upload.ReceivedBytes, StoredPieces.Read(upload.Pieces).Sum(piece => piece.Bytes)));

    public Task<IPartialWriter> OpenAsync(Upload upload, CancellationToken cancellationToken) =>
        Task.FromResult<IPartialWriter>(new Writer(this, bucket.Name, upload.Id, upload.ReceivedBytes == 0 ? null : upload.Pieces, NewScratchFile()));

    public async Task<PartialFile> ReadAsync(Upload upload, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var copy = new PartialFile(Path.Combine(Scratch, $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}{Whole}"), IsCopy: true);
        var isWhole = false;
        try
        {
            await using var file = new FileStream(copy.Path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            foreach (var piece in StoredPieces.Read(upload.Pieces))
            {
                await AskAsync(async client =>
                {
                    using var found = await client.GetObjectAsync(bucket.Name, KeyOf(upload.Id, piece.Name), cancellationToken);
                    await found.ResponseStream.CopyToAsync(file, cancellationToken);
                    return true;
                });
            }

            isWhole = file.Length == upload.Length;
            return isWhole ? copy : throw new InvalidOperationException($"The pieces of upload {upload.Id.Value} have {file.Length} bytes together, and not {upload.Length}.");
        }
        finally
        {
            if (!isWhole)
            {
                copy.Dispose();
            }
        }
    }

    public async Task DeleteAsync(UploadId id, CancellationToken cancellationToken)
    {
        // First listed, then deleted: the list has pages.
        foreach (var found in await ListObjectsAsync($"{Folder}{id.Value:n}/", cancellationToken).ToListAsync(cancellationToken))
        {
            await AskAsync(client => client.DeleteObjectAsync(bucket.Name, found.Key, cancellationToken));
        }
    }

    public async IAsyncEnumerable<UploadId> ListAsync(DateTimeOffset untouchedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Keys come sorted, so the objects of one upload stand together.
        var (last, isOld) = ((UploadId?)null, true);
        await foreach (var found in ListObjectsAsync(Folder, cancellationToken))
        {
            if (!Guid.TryParseExact(found.Key[(bucket.Prefix.Length + Folder.Length)..].Split('/')[0], "N", out var number))
            {
                continue;
            }

            if (last is { } before && before.Value != number)
            {
                if (isOld)
                {
                    yield return before;
                }

                isOld = true;
            }

            last = new UploadId(number);
            isOld &= found.LastModified?.ToUniversalTime() < untouchedSince.UtcDateTime;
        }

        if (last is { } end && isOld)
        {
            yield return end;
        }
    }

    public void ClearScratch(DateTimeOffset untouchedSince)
    {
        var files = Directory.Exists(Scratch) ? new DirectoryInfo(Scratch).EnumerateFiles() : [];
        foreach (var file in files.Where(file => file.Extension is Whole or PieceOfWhole && file.LastWriteTimeUtc < untouchedSince.UtcDateTime))
        {
            file.Delete();
        }
    }

    private async IAsyncEnumerable<S3Object> ListObjectsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await AskAsync(client => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name, Prefix = bucket.Prefix + prefix, ContinuationToken = next }, cancellationToken));
            foreach (var found in page.S3Objects ?? [])
            {
                yield return found;
            }

            next = page.IsTruncated is true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    private async Task<T> AskAsync<T>(Func<Amazon.S3.IAmazonS3, Task<T>> ask)
    {
        try
        {
            return await ask(bucket.Client());
        }
        catch (AmazonServiceException exception) when (exception is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" })
        {
            throw new PartialLostException("An object that holds a part of an upload is gone.", exception);
        }
        catch (Exception exception) when (S3Connection.IsOfService(exception))
        {
            throw new BlobStoreException("The S3 storage does not serve the bytes of an upload.", exception);
        }
    }

    private string KeyOf(UploadId id, string name) => $"{bucket.Prefix}{Folder}{id.Value:n}/{name}";

    /// <summary>Gone with its handle.</summary>
    private FileStream NewScratchFile()
    {
        Directory.CreateDirectory(Scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FileStream(Path.Combine(Scratch, $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}{PieceOfWhole}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, Options = FileOptions.DeleteOnClose, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
    }

    /// <summary>Gathers a piece on the local disk, since S3 wants to know its length before the first byte.</summary>
    private sealed class Writer(S3PartialStore store, string bucketName, UploadId id, string? pieces, FileStream scratch) : IPartialWriter
    {
        private string? pieces = pieces;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => scratch.WriteAsync(bytes, cancellationToken);

        public async Task<string?> FlushAsync(CancellationToken cancellationToken)
        {
            if (scratch.Length == 0)
            {
                return pieces;
            }

            var piece = new StoredPiece(scratch.Length, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
            scratch.Position = 0;
            await store.AskAsync(client => client.PutObjectAsync(
                new PutObjectRequest { BucketName = bucketName, Key = store.KeyOf(id, piece.Name), InputStream = scratch, AutoCloseStream = false, UseChunkEncoding = false, ContentType = "application/octet-stream" }, cancellationToken));
            scratch.SetLength(0);
            scratch.Position = 0;
            return pieces = StoredPieces.Append(pieces, piece);
        }

        public ValueTask DisposeAsync() => scratch.DisposeAsync();
    }
}
