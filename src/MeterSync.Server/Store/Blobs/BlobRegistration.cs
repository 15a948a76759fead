using MeterSync.Kernel.Telemetry;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Blobs;

internal static class BlobRegistration
{
    /// <summary>Nothing is made or connected to before the first photo.</summary>
    public static void AddBlobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section)).ValidateDataAnnotations()
            .Validate(options => !options.IsS3 || !string.IsNullOrWhiteSpace(options.S3.Bucket), "Storage:S3:Bucket is missing: with Storage:Kind=s3 set METERSYNC__Storage__S3__Bucket.")
            .Validate(options => !options.IsS3 || (!string.IsNullOrWhiteSpace(options.S3.AccessKey) && !string.IsNullOrWhiteSpace(options.S3.SecretKey)), "Storage:S3:AccessKey and Storage:S3:SecretKey are missing: set METERSYNC__Storage__S3__AccessKey and METERSYNC__Storage__S3__SecretKey.")
            .Validate(options => options.S3.Endpoint is not { Length: > 0 } endpoint || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"), "Storage:S3:Endpoint is no address: write https://s3.example.com or http://10.0.0.5:9000.")
            .ValidateOnStart();
        services.AddSingleton<BlobFolders>();
        services.AddSingleton<BlobWatch>();
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<BlobWatch>());
        services.AddSingleton<BlobIntake>();
        services.AddSingleton<S3Staging>();
        services.AddSingleton<S3Connection>();
        services.AddSingleton(Make);
        services.AddScoped<BlobLedger>();
        services.AddSingleton<BlobSweep>();
    }

    private static IBlobStore Make(IServiceProvider services)
    {
        IBlobStore store = services.GetRequiredService<IOptions<StorageOptions>>().Value.IsS3
            ? ActivatorUtilities.CreateInstance<S3BlobStore>(services)
            : ActivatorUtilities.CreateInstance<DiskBlobStore>(services);
        services.GetRequiredService<BlobWatch>().Probe = store is DiskBlobStore ? () => ProbeDiskAsync(services) : () => store.ExistsAsync(new BlobHash(new string('0', 64)), CancellationToken.None);
        return store;
    }

    private static async Task ProbeDiskAsync(IServiceProvider services)
    {
        using var received = await services.GetRequiredService<BlobIntake>().ReceiveAsync(new MemoryStream([0]), 1, CancellationToken.None);
    }
}
