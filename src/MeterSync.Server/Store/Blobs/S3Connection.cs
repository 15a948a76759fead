using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Blobs;

/// <summary>The one client of the bucket, made when first needed: loading the library costs memory that servers with a disk store need not pay.</summary>
internal sealed class S3Connection(IOptions<StorageOptions> options, BlobWatch watch) : IDisposable
{
    private const int Retries = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lazy<AmazonS3Client> client = new(() => Make(options.Value.S3));

    public AmazonS3Client Client => client.Value;

    public string Bucket => options.Value.S3.Bucket!;

    public bool IsPlain => options.Value.S3.Endpoint?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) is true;

    public string KeyOf(string path) => options.Value.S3.Prefix + path;

    /// <summary>Runs one request.</summary>
    /// <returns>The answer; the default where the object is not there.</returns>
    /// <exception cref="BlobStoreException">The service cannot be reached, or refuses.</exception>
    public async Task<T?> AskAsync<T>(string operation, Func<AmazonS3Client, string, Task<T>> ask)
    {
        try
        {
            return await ask(Client, Bucket);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
        {
            return default;
        }
        catch (Exception exception) when (IsOfService(exception))
        {
            throw Fault(operation, exception);
        }
    }

    public BlobStoreException Fault(string operation, Exception exception)
    {
        var why = exception is AmazonServiceException { ErrorCode: { Length: > 0 } code } ? $"The S3 storage refuses: {code}." : "The S3 storage cannot be reached.";
        watch.Failed(why, operation);
        return new BlobStoreException(why, exception);
    }

    public static bool IsOfService(Exception exception) => exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException };

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    /// <summary>Checksums only where S3 demands them, and no chunked bodies: other makers' services refuse those. Every object is verified by its SHA-256 anyway.</summary>
    private static AmazonS3Client Make(S3Options options)
    {
        var config = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle,
            MaxErrorRetry = Retries,
            Timeout = Patience,
        };
        if (options.Endpoint is { Length: > 0 } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        return new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }
}
