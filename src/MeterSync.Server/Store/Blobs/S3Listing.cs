using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace MeterSync.Store.Blobs;

/// <summary>Walks the objects of the bucket.</summary>
internal static class S3Listing
{
    public static async IAsyncEnumerable<S3Object> ListAsync(this S3Connection s3, string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = s3.Bucket, Prefix = s3.KeyOf(folder), ContinuationToken = next };
            var page = await s3.AskAsync("list", (client, _) => client.ListObjectsV2Async(request, cancellationToken));
            foreach (var found in page?.S3Objects ?? [])
            {
                yield return found;
            }

            next = page?.IsTruncated is true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>When it was put there, by the service's clock.</summary>
    public static DateTimeOffset TimeOf(S3Object found) => new((found.LastModified ?? DateTime.MaxValue).ToUniversalTime(), TimeSpan.Zero);
}
