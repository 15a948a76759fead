using Amazon.S3;

namespace MeterSync.Modules.Uploads.Partial;

/// <summary>An S3 bucket for the bytes of uploads under way.</summary>
/// <param name="Client">Made when first asked for.</param>
/// <param name="Name">The bucket.</param>
/// <param name="Prefix">Before every key: <c>metersync/</c>, or nothing.</param>
internal sealed record PartialBucket(Func<IAmazonS3> Client, string Name, string Prefix);
