using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace MeterSync.Store.Blobs;

/// <summary>Bytes in an S3 bucket. They are received and verified on the local disk before they go there.</summary>
internal sealed class S3BlobStore(S3Connection s3, BlobIntake intake, BlobWatch watch) : IBlobStore
{
    private const string Folder = "blobs/";

    public async Task PutAsync(ReceivedBlob received, CancellationToken cancellationToken)
    {
        await s3.AskAsync(BlobWatch.Put, (client, bucket) => client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = KeyOf(received.Hash), FilePath = received.Path, UseChunkEncoding = false, ContentType = "application/octet-stream" }, cancellationToken));
        watch.Did(BlobWatch.Put, received.Length);
    }

    public async Task PutAsync(BlobHash hash, Stream content, long length, CancellationToken cancellationToken)
    {
        using var received = await intake.ReceiveAsync(content, length, cancellationToken);
        if (received is null || received.Hash != hash || received.Length != length)
        {
            throw new InvalidDataException($"These are not the {length} bytes with the SHA-256 {hash}.");
        }

        await PutAsync(received, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        if (await HeadAsync(hash, cancellationToken) is not { } found)
        {
            return null;
        }

        watch.Did(BlobWatch.Read, found.ContentLength);
        return new S3ReadStream(s3, KeyOf(hash), found.ContentLength);
    }

    public async Task<bool> ExistsAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        var found = await HeadAsync(hash, cancellationToken);
        watch.Well();
        return found is not null;
    }

    public bool IsNear => false;

    public async Task<DateTimeOffset?> PutAtAsync(BlobHash hash, CancellationToken cancellationToken) =>
        await HeadAsync(hash, cancellationToken) is { LastModified: { } at } ? new DateTimeOffset(at.ToUniversalTime()) : null;

    public async Task DeleteAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        await s3.AskAsync(BlobWatch.Delete, (client, bucket) => client.DeleteObjectAsync(bucket, KeyOf(hash), cancellationToken));
        watch.Did(BlobWatch.Delete, 0);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in s3.ListAsync(Folder, cancellationToken))
        {
            if (found.Key.Split('/') is [.., var name] && BlobHash.TryParse(name, out var hash) && found.Key == KeyOf(hash))
            {
                yield return new StoredBlob(hash, found.Size ?? 0, S3Listing.TimeOf(found));
            }
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        var found = await s3.AskAsync("head", (client, bucket) => client.GetObjectMetadataAsync(bucket, KeyOf(hash), cancellationToken));
        return found is { HttpStatusCode: HttpStatusCode.OK } ? found : null;
    }

    private string KeyOf(BlobHash hash) => s3.KeyOf(Folder + hash.Path);
}
