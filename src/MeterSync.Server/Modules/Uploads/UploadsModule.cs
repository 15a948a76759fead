using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Telemetry;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.AppendUpload;
using MeterSync.Modules.Uploads.CreateUpload;
using MeterSync.Modules.Uploads.DeleteUpload;
using MeterSync.Modules.Uploads.GetUpload;
using MeterSync.Modules.Uploads.GetUploadRules;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Protocol;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Modules.Uploads.Store;
using MeterSync.Modules.Uploads.Transfer;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Uploads;

/// <summary>Files over bad networks, resumed by byte: tus 1.0 at /uploads. Who wants files follows them (IUploadFollower).</summary>
internal sealed class UploadsModule : IModule
{
    public string Name => "Uploads";

    public IReadOnlyList<GrantedPermission> Permissions => UploadPermissions.All;

    public IJsonTypeInfoResolver Json => UploadsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadOptions>().Bind(configuration.GetSection(UploadOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(StoreOf);
        services.AddSingleton<UploadTurns>();
        services.AddSingleton<RunningHashes>();
        services.AddSingleton<UploadWatch>();
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<UploadWatch>());
        services.AddSingleton<IGaugeSource, UploadGauges>();
        services.AddScoped<UploadBook>();
        services.AddScoped<IUploads>(provider => provider.GetRequiredService<UploadBook>());
        services.AddScoped<UploadDesk>();
        services.AddScoped<ReceiveBytes>();
        services.AddScoped<FinishUpload>();
        services.AddScoped<IPersonalData, UploadPersonalData>();
        services.AddSingleton<UploadSweep>();
        if (configuration["Roles"] is not { } roles || roles.Contains("all", StringComparison.Ordinal) || roles.Contains("worker", StringComparison.Ordinal))
        {
            services.AddHostedService(provider => provider.GetRequiredService<UploadSweep>());
        }

        services.AddScoped<CreateUploadHandler>();
        services.AddScoped<AppendUploadHandler>();
        services.AddScoped<GetUploadHandler>();
        services.AddScoped<DeleteUploadHandler>();
        services.AddScoped<GetUploadRulesHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => UploadMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var options = api.ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var group = api.MapGroup("").WithTags("Uploads").SpeakTus().CountedAs(RateGroup.OfItsOwn(RateBucket.Upload, options.RequestsPerMinute));
        CreateUploadEndpoint.Map(group);
        AppendUploadEndpoint.Map(group);
        GetUploadEndpoint.Map(group);
        DeleteUploadEndpoint.Map(group);
        GetUploadRulesEndpoint.Map(group);
    }

    /// <summary>Where photos and files are kept, their beginnings are too.</summary>
    private static IPartialStore StoreOf(IServiceProvider services)
    {
        var (storage, data) = (services.GetRequiredService<IOptions<StorageOptions>>().Value, services.GetRequiredService<DataDirectory>());
        if (!storage.IsS3)
        {
            return new DiskPartialStore(data);
        }

        var s3 = services.GetRequiredService<S3Connection>();
        return new S3PartialStore(new PartialBucket(() => s3.Client, s3.Bucket, storage.S3.Prefix), data);
    }
}

[JsonSerializable(typeof(Envelope<UploadView>))]
[JsonSerializable(typeof(Envelope<Done>))]
internal sealed partial class UploadsJson : JsonSerializerContext;
