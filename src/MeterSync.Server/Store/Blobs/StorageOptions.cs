using System.ComponentModel.DataAnnotations;

namespace MeterSync.Store.Blobs;

/// <summary>Where photos and files are kept. Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary><c>disk</c> or <c>s3</c>; left out, S3 where a bucket is named and the disk otherwise.</summary>
    [RegularExpression("(?i)^(disk|s3)$", ErrorMessage = "Storage:Kind is disk or s3.")]
    public string? Kind { get; set; }

    /// <summary>The folder in which <c>blobs</c> is made; the data directory where left out. A relative one begins there.</summary>
    public string? Folder { get; set; }

    /// <summary>Days after which an upload that was begun and never completed is forgotten.</summary>
    [Range(1, 365)]
    public int UnfinishedDays { get; set; } = 7;

    public S3Options S3 { get; set; } = new();

    public bool IsS3 => Kind is { Length: > 0 } kind ? kind.Equals("s3", StringComparison.OrdinalIgnoreCase) : S3.Bucket is { Length: > 0 };
}

/// <summary>An S3 bucket, of Amazon or of whoever speaks its language.</summary>
internal sealed class S3Options
{
    /// <summary>Address of the service; left out, Amazon's of the region.</summary>
    public string? Endpoint { get; set; }

    public string? Bucket { get; set; }

    public string Region { get; set; } = "us-east-1";

    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>Before every key: <c>metersync/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The bucket stands in the path and not in the host's name.</summary>
    public bool PathStyle { get; set; } = true;
}
