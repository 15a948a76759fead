using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Blobs;

/// <summary>Where senders put bytes into the bucket themselves, each under a key of its own, until the server has read and verified them.</summary>
internal sealed class S3Staging(S3Connection s3, BlobIntake intake, IOptions<StorageOptions> options)
{
    private const string Folder = "staging/";

    /// <summary>False where bytes lie on disk: there they come through the server.</summary>
    public bool IsUsed => options.Value.IsS3;

    /// <summary>An address that takes one object by PUT.</summary>
    public async Task<string> AddressAsync(Guid id, string contentType, DateTimeOffset until) =>
        await s3.AskAsync("presign", (client, bucket) => client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = KeyOf(id),
            Verb = HttpVerb.PUT,
            ContentType = contentType,
            Expires = until.UtcDateTime,
            Protocol = s3.IsPlain ? Protocol.HTTP : Protocol.HTTPS,
        })) ?? throw new InvalidOperationException("No address was made.");

    /// <summary>Brings the object here.</summary>
    /// <param name="id">As the address was made for.</param>
    /// <param name="mostBytes">More are not fetched.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether there is one, and its bytes; null where they are more.</returns>
    public async Task<(bool IsThere, ReceivedBlob? Received)> FetchAsync(Guid id, long mostBytes, CancellationToken cancellationToken)
    {
        using var found = await s3.AskAsync(BlobWatch.Read, (client, bucket) => client.GetObjectAsync(bucket, KeyOf(id), cancellationToken));
        if (found is null)
        {
            return (false, null);
        }

        try
        {
            return (true, found.ContentLength > mostBytes ? null : await intake.ReceiveAsync(found.ResponseStream, mostBytes, cancellationToken));
        }
        catch (Exception exception) when (S3Connection.IsOfService(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw s3.Fault(BlobWatch.Read, exception);
        }
    }

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        s3.AskAsync(BlobWatch.Delete, (client, bucket) => client.DeleteObjectAsync(bucket, KeyOf(id), cancellationToken));

    /// <summary>Deletes what was put there before an instant and never completed. Returns how many went.</summary>
    public async Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var swept = 0;
        await foreach (var found in s3.ListAsync(Folder, cancellationToken))
        {
            if (S3Listing.TimeOf(found) < before)
            {
                await s3.AskAsync(BlobWatch.Delete, (client, bucket) => client.DeleteObjectAsync(bucket, found.Key, cancellationToken));
                swept++;
            }
        }

        return swept;
    }

    private string KeyOf(Guid id) => s3.KeyOf(Folder + id.ToString("n"));
}
