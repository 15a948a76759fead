using Amazon.Runtime;
using Amazon.S3;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Photos;

/// <summary>A server on SQLite and the disk whose clock can be moved on.</summary>
public class PhotosOnSqlite : SqliteServer
{
    public TestClock Clock { get; } = new();

    internal static Dictionary<string, string?> Around(Dictionary<string, string?> settings) => new(settings) { ["Photos:MaximumBytes"] = "200000", ["Photos:DocumentBytes"] = "50000", ["Logging:LogLevel:Default"] = "None" };

    protected override Dictionary<string, string?> Settings => Around(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

public sealed class PhotosOnPostgres : PostgresServer
{
    public TestClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => PhotosOnSqlite.Around(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

/// <summary>Needs METERSYNC_TEST_S3: endpoint, access key and secret key, separated by spaces. Tests are skipped without it.</summary>
public sealed class PhotosInS3 : SqliteServer
{
    public const string Variable = "METERSYNC_TEST_S3";
    private readonly string bucket = "metersync-test-" + Guid.CreateVersion7().ToString("n");

    public TestClock Clock { get; } = new();

    private static string[]? Given => Environment.GetEnvironmentVariable(Variable)?.Split(' ') is [_, _, _] given ? given : null;

    protected override string? WhySkipped => Given is null ? $"{Variable} is not set." : null;

    protected override Dictionary<string, string?> Settings => new(PhotosOnSqlite.Around(base.Settings))
    {
        ["Storage:Kind"] = "s3",
        ["Storage:S3:Endpoint"] = Given![0],
        ["Storage:S3:AccessKey"] = Given[1],
        ["Storage:S3:SecretKey"] = Given[2],
        ["Storage:S3:Bucket"] = bucket,
        ["Storage:S3:Prefix"] = "test/",
    };

    public static AmazonS3Client Connect() => new(
        new BasicAWSCredentials(Given![1], Given[2]),
        new AmazonS3Config { ServiceURL = Given[0], AuthenticationRegion = "us-east-1", ForcePathStyle = true, RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED });

    /// <summary>Keys of all objects.</summary>
    public async Task<List<string>> KeysAsync()
    {
        using var s3 = Connect();
        return [.. ((await s3.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = bucket })).S3Objects ?? []).Select(one => one.Key)];
    }

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    private protected override async Task<Dictionary<string, string?>> PrepareDatabaseAsync()
    {
        using var s3 = Connect();
        await s3.PutBucketAsync(bucket);
        return await base.PrepareDatabaseAsync();
    }

    protected override async Task StopOthersAsync()
    {
        if (Given is null)
        {
            return;
        }

        using var s3 = Connect();
        foreach (var key in await KeysAsync())
        {
            await s3.DeleteObjectAsync(bucket, key);
        }

        await s3.DeleteBucketAsync(bucket);
    }
}

/// <summary>Its storage cannot be reached.</summary>
public sealed class PhotosNowhere : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(PhotosOnSqlite.Around(base.Settings))
    {
        ["Storage:Kind"] = "s3",
        ["Storage:S3:Endpoint"] = "http://127.0.0.1:1",
        ["Storage:S3:AccessKey"] = "nobody",
        ["Storage:S3:SecretKey"] = "nothing",
        ["Storage:S3:Bucket"] = "nowhere",
    };
}
