using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.CompletePhoto;
using MeterSync.Modules.Photos.CreatePhotoUpload;
using MeterSync.Modules.Photos.DeleteFile;
using MeterSync.Modules.Photos.GetFile;
using MeterSync.Modules.Photos.GetPhoto;
using MeterSync.Modules.Photos.GetPhotoContent;
using MeterSync.Modules.Photos.ListReadingPhotos;
using MeterSync.Modules.Photos.Public;
using MeterSync.Modules.Photos.PutPhotoContent;
using MeterSync.Modules.Photos.Store;
using MeterSync.Modules.Photos.Upkeep;
using MeterSync.Modules.Photos.UploadDocument;
using MeterSync.Modules.Photos.UploadPhoto;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Uploads.Public;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos;

/// <summary>Photos of readings and visits, and files put here by themselves.</summary>
internal sealed class PhotosModule : IModule
{
    public string Name => "Photos";

    public IReadOnlyList<GrantedPermission> Permissions => PhotoPermissions.All;

    public IJsonTypeInfoResolver Json => PhotosJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PhotoOptions>().Bind(configuration.GetSection(PhotoOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PhotoSeals>();
        services.AddSingleton<PhotoViews>();
        services.AddScoped<PhotoLinks>();
        services.AddScoped<IReadingEvidence>(provider => provider.GetRequiredService<PhotoLinks>());
        services.AddScoped<PhotoArrival>();
        services.AddScoped<PhotoAnnouncements>();
        services.AddScoped<IBroughtPhotos, BroughtPhotos>();
        services.AddScoped<LateThumbnails>();
        services.AddScoped<IUploadFollower, PhotoUploadFollower>();
        services.AddScoped<IReadingPictures, ReadingPictures>();
        services.AddScoped<FileDesk>();
        services.AddScoped<IPersonalData, PhotoPersonalData>();
        services.AddSingleton<UpkeepWatch>();
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<UpkeepWatch>());
        services.AddSingleton<PhotoUpkeep>();
        if (configuration["Roles"] is not { } roles || roles.Contains("all", StringComparison.Ordinal) || roles.Contains("worker", StringComparison.Ordinal))
        {
            services.AddHostedService(provider => provider.GetRequiredService<PhotoUpkeep>());
        }

        services.AddScoped<CreatePhotoUploadHandler>();
        services.AddScoped<PutPhotoContentHandler>();
        services.AddScoped<CompletePhotoHandler>();
        services.AddScoped<GetPhotoHandler>();
        services.AddScoped<GetPhotoContentHandler>();
        services.AddScoped<ListReadingPhotosHandler>();
        services.AddScoped<UploadPhotoHandler>();
        services.AddScoped<UploadDocumentHandler>();
        services.AddScoped<GetFileHandler>();
        services.AddScoped<DeleteFileHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => PhotoMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var photos = api.MapGroup("").WithTags("Photos");
        CreatePhotoUploadEndpoint.Map(photos);
        PutPhotoContentEndpoint.Map(photos);
        CompletePhotoEndpoint.Map(photos);
        GetPhotoEndpoint.Map(photos);
        GetPhotoContentEndpoint.Map(photos);
        ListReadingPhotosEndpoint.Map(photos);

        var files = api.MapGroup("").WithTags("Files");
        UploadPhotoEndpoint.Map(files);
        UploadDocumentEndpoint.Map(files);
        GetFileEndpoint.Map(files);
        DeleteFileEndpoint.Map(files);
    }
}

[JsonSerializable(typeof(CreatePhotoUploadRequest))]
[JsonSerializable(typeof(CompletePhotoRequest))]
[JsonSerializable(typeof(Envelope<PhotoUploadView>))]
[JsonSerializable(typeof(Envelope<PhotoView>))]
[JsonSerializable(typeof(Envelope<ReadingPhotosView>))]
[JsonSerializable(typeof(FileForm))]
[JsonSerializable(typeof(Envelope<FileView>))]
internal sealed partial class PhotosJson : JsonSerializerContext;
