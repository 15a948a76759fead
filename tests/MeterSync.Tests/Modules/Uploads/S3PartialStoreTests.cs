using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>A real S3 service. METERSYNC_TEST_S3 names its endpoint, access key and secret key, separated by spaces; tests are skipped without it.</summary>
internal static class TestBucket
{
    private const string Variable = "METERSYNC_TEST_S3";
    public const string Name = "metersync-uploads-test";

    public static string[]? Given => Environment.GetEnvironmentVariable(Variable)?.Split(' ') is [_, _, _] given ? given : null;

    public static string? WhySkipped => Given is null ? $"{Variable} is not set." : null;

    public static async Task<PartialBucket> OpenAsync(string prefix)
    {
        var client = new AmazonS3Client(
            new BasicAWSCredentials(Given![1], Given[2]),
            new AmazonS3Config { ServiceURL = Given[0], AuthenticationRegion = "us-east-1", ForcePathStyle = true, RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED });
        await client.PutBucketAsync(Name);
        return new PartialBucket(() => client, Name, prefix);
    }
}

/// <summary>What a killed process left on its own disk.</summary>
public sealed class S3ScratchTests
{
    [Fact]
    public async Task Old_scratch_files_go_and_others_stay()
    {
        var data = new DataDirectory(Path.Combine(Path.GetTempPath(), "metersync-s3-" + Guid.CreateVersion7().ToString("n")));
        var folder = Directory.CreateDirectory(Path.Combine(data.Uploads, "tus")).FullName;
        try
        {
            foreach (var name in new[] { "old.whole", "old.piece", "old.else", "new.whole" })
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), "x", TestContext.Current.CancellationToken);
                File.SetLastWriteTimeUtc(Path.Combine(folder, name), name.StartsWith("old", StringComparison.Ordinal) ? DateTime.UnixEpoch : DateTime.UnixEpoch.AddDays(2));
            }

            new S3PartialStore(new PartialBucket(() => throw new InvalidOperationException("Nothing is asked."), "none", ""), data).ClearScratch(DateTimeOffset.UnixEpoch.AddDays(1));
            Assert.Equal(["new.whole", "old.else"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(data.Path, recursive: true);
        }
    }
}

/// <summary>Several processes with disks of their own take turns at an upload.</summary>
public sealed class S3PartialStoreTests : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "metersync-s3-" + Guid.CreateVersion7().ToString("n"));
    private readonly string prefix = $"test-{Guid.CreateVersion7():n}/";
    private readonly Upload upload = new() { Id = new UploadId(Guid.CreateVersion7()), Length = 7_000_000 };

    private PartialBucket? bucket;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestBucket.WhySkipped is not null, TestBucket.WhySkipped ?? "");
        Directory.CreateDirectory(folder);
        bucket = await TestBucket.OpenAsync(prefix);
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task One_process_goes_on_where_another_stopped()
    {
        var bytes = TusCaller.RandomBytes(7_000_000);
        await WriteAsync(Process("one"), bytes, 0, 100);
        await WriteAsync(Process("two"), bytes, 100, 6_500_000);
        await WriteAsync(Process("one"), bytes, 6_500_000, 7_000_000);
        using (var whole = await Process("three").ReadAsync(upload, CancellationToken.None))
        {
            Assert.Equal(bytes, await File.ReadAllBytesAsync(whole.Path));
        }

        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        await Process("two").DeleteAsync(upload.Id, CancellationToken.None);
        Assert.Empty(await Process("one").ListAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task What_a_process_wrote_that_lost_its_turn_counts_never()
    {
        var bytes = TusCaller.RandomBytes(7_000_000);
        var slow = await Process("slow").OpenAsync(upload, CancellationToken.None);
        await slow.WriteAsync(TusCaller.RandomBytes(500), CancellationToken.None);
        await WriteAsync(Process("fast"), bytes, 0, 7_000_000);
        var late = await slow.FlushAsync(CancellationToken.None);
        await slow.DisposeAsync();
        Assert.NotEqual(late, upload.Pieces);
        using var whole = await Process("fast").ReadAsync(upload, CancellationToken.None);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(whole.Path));
        await Process("fast").DeleteAsync(upload.Id, CancellationToken.None);
        Assert.Empty(await Process("fast").ListAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Objects_are_listed_by_their_upload_once_they_are_old()
    {
        var store = Process("one");
        await WriteAsync(store, TusCaller.RandomBytes(10), 0, 5);
        upload.ReceivedBytes = 5;
        await WriteAsync(store, TusCaller.RandomBytes(10), 5, 10);
        var first = upload.Id;
        (upload.Id, upload.Pieces, upload.ReceivedBytes) = (new UploadId(Guid.CreateVersion7()), null, 0);
        await WriteAsync(store, TusCaller.RandomBytes(10), 0, 10);
        Assert.Equal([first, upload.Id], await store.ListAsync(TimeProvider.System.GetUtcNow().AddHours(1), CancellationToken.None).ToListAsync());
        Assert.Empty(await store.ListAsync(TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None).ToListAsync());
        await store.DeleteAsync(first, CancellationToken.None);
        await store.DeleteAsync(upload.Id, CancellationToken.None);
    }

    [Fact]
    public async Task An_object_that_is_gone_is_a_failure_and_no_shorter_file()
    {
        var store = Process("one");
        await WriteAsync(store, TusCaller.RandomBytes(7_000_000), 0, 7_000_000);
        await store.DeleteAsync(upload.Id, CancellationToken.None);
        await Assert.ThrowsAsync<PartialLostException>(() => store.ReadAsync(upload, CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    private S3PartialStore Process(string name) => new(bucket!, new DataDirectory(Path.Combine(folder, name)));

    private async Task WriteAsync(S3PartialStore store, byte[] bytes, int from, int to)
    {
        upload.ReceivedBytes = from;
        await using var writer = await store.OpenAsync(upload, CancellationToken.None);
        var middle = (from + to) / 2;
        await writer.WriteAsync(bytes.AsMemory(from, middle - from), CancellationToken.None);
        upload.Pieces = await writer.FlushAsync(CancellationToken.None);
        await writer.WriteAsync(bytes.AsMemory(middle, to - middle), CancellationToken.None);
        upload.Pieces = await writer.FlushAsync(CancellationToken.None);
        upload.ReceivedBytes = to;
        Assert.Equal(to, await store.DurableBytesAsync(upload, CancellationToken.None));
    }
}

public sealed class UploadsOnS3 : ListeningOnSqlite
{
    internal TakenFiles Taken { get; } = new();

    protected override string? WhySkipped => TestBucket.WhySkipped;

    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["Uploads:MostOpen"] = "90",
        ["Uploads:MostMegabytes"] = "8",
        ["Storage:Kind"] = "s3",
        ["Storage:S3:Endpoint"] = TestBucket.Given![0],
        ["Storage:S3:AccessKey"] = TestBucket.Given[1],
        ["Storage:S3:SecretKey"] = TestBucket.Given[2],
        ["Storage:S3:Bucket"] = TestBucket.Name,
        ["Storage:S3:Prefix"] = $"server-{Guid.CreateVersion7():n}/",
    };

    protected override void AdjustServices(IServiceCollection services)
    {
        base.AdjustServices(services);
        services.AddSingleton<IUploadFollower>(Taken);
    }

    private protected override async Task<Dictionary<string, string?>> PrepareDatabaseAsync()
    {
        await TestBucket.OpenAsync("");
        return await base.PrepareDatabaseAsync();
    }
}

public sealed class UploadsInS3Tests(UploadsOnS3 server) : IClassFixture<UploadsOnS3>
{
    [Fact]
    public async Task Bytes_lie_in_the_bucket_until_the_file_is_whole_and_then_no_more()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var store = server.Services.GetRequiredService<IPartialStore>();
        var bytes = TusCaller.RandomBytes(6_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        Assert.Equal("100", (await caller.PatchAsync(url, 0, bytes[..100])).Header("Upload-Offset"));
        Assert.Contains(TusCaller.IdOf(url), await store.ListAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync());
        Assert.Equal(100, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 100, bytes[100..])).Status);
        Assert.Equal(bytes, server.Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.DoesNotContain(TusCaller.IdOf(url), await store.ListAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Data.Uploads, "tus")));
    }

    [Fact]
    public async Task An_upload_whose_objects_are_gone_begins_anew()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var url = await caller.BeginAsync(4);
        await caller.PatchAsync(url, 0, [1, 2, 3]);
        await server.Services.GetRequiredService<IPartialStore>().DeleteAsync(TusCaller.IdOf(url), CancellationToken.None);
        Assert.Equal("upload.bytes_lost", (await caller.PatchAsync(url, 3, [4])).Code);
        Assert.Equal(0, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, [1, 2, 3, 4])).Status);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, server.Taken.Files[TusCaller.IdOf(url)].Bytes);
    }
}

public sealed class TusClientOnS3Tests(UploadsOnS3 server) : TusClientTests(server), IClassFixture<UploadsOnS3>
{
    private protected override TakenFiles Taken => server.Taken;
}
