using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.FetchChanges;
using MeterSync.Modules.Sync.FieldExport;
using MeterSync.Modules.Sync.ForgetChanges;
using MeterSync.Modules.Sync.GetFieldDevice;
using MeterSync.Modules.Sync.GetFieldExportImport;
using MeterSync.Modules.Sync.GetSyncReceipts;
using MeterSync.Modules.Sync.GetSyncStatus;
using MeterSync.Modules.Sync.ImportFieldExport;
using MeterSync.Modules.Sync.ListFieldDevices;
using MeterSync.Modules.Sync.ListSyncConflicts;
using MeterSync.Modules.Sync.ListSyncQuarantine;
using MeterSync.Modules.Sync.Pushing;
using MeterSync.Modules.Sync.ResolveSyncConflict;
using MeterSync.Modules.Sync.ResolveSyncQuarantine;
using MeterSync.Modules.Sync.RevokeFieldDevice;
using MeterSync.Modules.Sync.Store;
using MeterSync.Modules.Sync.SyncReadings;
using MeterSync.Modules.Sync.VerifySyncReceipt;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync;

/// <summary>What phones bring after hours without a network, and what they fetch: nothing lost, nothing doubled.</summary>
internal sealed class SyncModule : IModule
{
    public const string Title = "Sync";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => SyncPermissions.All;

    public IJsonTypeInfoResolver Json => SyncJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SyncOptions>().Bind(configuration.GetSection(SyncOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<FieldDevices>();
        services.AddSingleton<ReceiptKeys>();
        services.AddScoped<FaultBook>();
        services.AddScoped<FaultQueries>();
        services.AddScoped<SettleFault>();
        services.AddScoped<RetryItem>();
        services.AddScoped<FieldExportPhotos>();
        services.AddScoped<IJobHandler, FieldExportJob>();
        services.AddScoped<ReadItems>();
        services.AddScoped<ReadBatch>();
        services.AddScoped<TailWatch>();
        services.AddScoped<ApplyItems>();
        services.AddScoped<ApplyBatch>();
        services.AddScoped<GetSyncReceiptsHandler>();
        services.AddScoped<GetSyncStatusHandler>();
        services.AddScoped<ListSyncConflictsHandler>();
        services.AddScoped<ListSyncQuarantineHandler>();
        services.AddScoped<ResolveSyncConflictHandler>();
        services.AddScoped<ResolveSyncQuarantineHandler>();
        services.AddScoped<VerifySyncReceiptHandler>();
        services.AddScoped<GetFieldExportImportHandler>();
        services.AddScoped<ImportFieldExportHandler>();
        services.AddScoped<SyncReadingsHandler>();
        services.AddScoped<FieldDeviceViews>();
        services.AddScoped<ChangedThings>();
        services.AddScoped<FetchChangesHandler>();
        services.AddScoped<ListFieldDevicesHandler>();
        services.AddScoped<GetFieldDeviceHandler>();
        services.AddScoped<RevokeFieldDeviceHandler>();
        services.AddScoped<IPersonalData, FieldDevicePersonalData>();
        services.AddSingleton<IGaugeSource, PhoneGauges>();
        services.AddSingleton<ChangeSweep>();
        if (configuration["Roles"] is not { } roles || roles.Contains("all", StringComparison.Ordinal) || roles.Contains("worker", StringComparison.Ordinal))
        {
            services.AddHostedService(provider => provider.GetRequiredService<ChangeSweep>());
        }
    }

    public void ConfigureModel(ModelBuilder model) => SyncMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Sync");
        GetSyncReceiptsEndpoint.Map(group);
        GetSyncStatusEndpoint.Map(group);
        ListSyncConflictsEndpoint.Map(group);
        ListSyncQuarantineEndpoint.Map(group);
        ResolveSyncConflictEndpoint.Map(group);
        ResolveSyncQuarantineEndpoint.Map(group);
        VerifySyncReceiptEndpoint.Map(group);
        GetFieldExportImportEndpoint.Map(group);
        ImportFieldExportEndpoint.Map(group);
        SyncReadingsEndpoint.Map(group);
        FetchChangesEndpoint.Map(group);
        ListFieldDevicesEndpoint.Map(group);
        GetFieldDeviceEndpoint.Map(group);
        RevokeFieldDeviceEndpoint.Map(group);
    }
}

[JsonSerializable(typeof(PushRequest))]
[JsonSerializable(typeof(PushItemRequest))]
[JsonSerializable(typeof(FieldExportHeadRequest))]
[JsonSerializable(typeof(FieldExportPhotoRequest))]
[JsonSerializable(typeof(FieldExportForm))]
[JsonSerializable(typeof(Envelope<JobView>))]
[JsonSerializable(typeof(PushBodyRequest))]
[JsonSerializable(typeof(ResolveSyncConflictRequest))]
[JsonSerializable(typeof(ResolveSyncQuarantineRequest))]
[JsonSerializable(typeof(VerifySyncReceiptRequest))]
[JsonSerializable(typeof(Envelope<PushView>))]
[JsonSerializable(typeof(Envelope<Page<FaultView>>))]
[JsonSerializable(typeof(Envelope<FaultView>))]
[JsonSerializable(typeof(Envelope<ReceiptListView>))]
[JsonSerializable(typeof(Envelope<ReceiptCheckView>))]
[JsonSerializable(typeof(Envelope<SyncStatusView>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Envelope<ChangesView>))]
[JsonSerializable(typeof(FieldMeterView))]
[JsonSerializable(typeof(FieldReading))]
[JsonSerializable(typeof(Envelope<FieldDeviceView>))]
[JsonSerializable(typeof(Envelope<Page<FieldDeviceView>>))]
internal sealed partial class SyncJson : JsonSerializerContext;
