using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.AddRegister;
using MeterSync.Modules.Meters.CreateMeter;
using MeterSync.Modules.Meters.CreateRegion;
using MeterSync.Modules.Meters.DeleteMeter;
using MeterSync.Modules.Meters.DeleteRegion;
using MeterSync.Modules.Meters.FillRegion;
using MeterSync.Modules.Meters.FindNearbyMeters;
using MeterSync.Modules.Meters.GetMeter;
using MeterSync.Modules.Meters.GetMeterImport;
using MeterSync.Modules.Meters.GetMeterImportResult;
using MeterSync.Modules.Meters.GetMeterImportTemplate;
using MeterSync.Modules.Meters.GetRegion;
using MeterSync.Modules.Meters.Import;
using MeterSync.Modules.Meters.ImportMeters;
using MeterSync.Modules.Meters.ListMeters;
using MeterSync.Modules.Meters.ListRegions;
using MeterSync.Modules.Meters.ListRegisters;
using MeterSync.Modules.Meters.ListUnassignedMeters;
using MeterSync.Modules.Meters.PatchMeter;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Modules.Meters.UndoMeterImport;
using MeterSync.Modules.Meters.UpdateMeter;
using MeterSync.Modules.Meters.UpdateRegion;
using MeterSync.Modules.Meters.UpdateRegister;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters;

/// <summary>Regions, service points, the meters on them, their registers, and lists of them coming in.</summary>
internal sealed class MetersModule : IModule
{
    public const string Title = "Meters";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => [.. MeterPermissions.All, .. RegionPermissions.All];

    public IJsonTypeInfoResolver Json => MetersJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<IMeterRegistry, MeterRegistry>();
        services.AddScoped<IRegisterLists, RegisterLists>();
        services.AddScoped<IMeterPlaces, MeterPlaces>();
        services.AddScoped<IFieldMeters, FieldMeters>();
        services.AddSingleton<KnownRegisters>();
        services.AddScoped<IRegionNames, RegionNames>();
        services.AddScoped<RegionChanges>();
        services.AddScoped<RegionViews>();
        services.AddScoped<RegionFilling>();
        services.AddScoped<MeterViews>();
        services.AddScoped<MeterChanges>();
        services.AddScoped<MeterMaking>();
        services.AddScoped<IMeterEditor, MeterEditing>();
        services.AddScoped<RegisterChanges>();
        services.AddScoped<MeterSaving>();
        services.AddScoped<MeterDistances>();
        services.AddScoped<SqlitePositions>();
        services.AddScoped<ListMetersHandler>();
        services.AddScoped<ListUnassignedMetersHandler>();
        services.AddScoped<CreateMeterHandler>();
        services.AddScoped<GetMeterHandler>();
        services.AddScoped<UpdateMeterHandler>();
        services.AddScoped<PatchMeterHandler>();
        services.AddScoped<DeleteMeterHandler>();
        services.AddScoped<FindNearbyMetersHandler>();
        services.AddScoped<ListRegistersHandler>();
        services.AddScoped<AddRegisterHandler>();
        services.AddScoped<UpdateRegisterHandler>();
        services.AddScoped<ListRegionsHandler>();
        services.AddScoped<GetRegionHandler>();
        services.AddScoped<CreateRegionHandler>();
        services.AddScoped<UpdateRegionHandler>();
        services.AddScoped<DeleteRegionHandler>();
        services.AddScoped<FillRegionHandler>();
        services.AddScoped<IMeterImport, MeterImport>();
        services.AddScoped<IJobHandler, MeterImportJob>();
        services.AddScoped<ImportMetersHandler>();
        services.AddScoped<GetMeterImportHandler>();
        services.AddScoped<GetMeterImportResultHandler>();
        services.AddScoped<UndoMeterImportHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => MeterMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Meters");
        ListMetersEndpoint.Map(group);
        ListUnassignedMetersEndpoint.Map(group);
        CreateMeterEndpoint.Map(group);
        FindNearbyMetersEndpoint.Map(group);
        GetMeterEndpoint.Map(group);
        UpdateMeterEndpoint.Map(group);
        PatchMeterEndpoint.Map(group);
        DeleteMeterEndpoint.Map(group);
        ListRegistersEndpoint.Map(group);
        AddRegisterEndpoint.Map(group);
        UpdateRegisterEndpoint.Map(group);
        ImportMetersEndpoint.Map(group);
        GetMeterImportTemplateEndpoint.Map(group);
        GetMeterImportEndpoint.Map(group);
        GetMeterImportResultEndpoint.Map(group);
        UndoMeterImportEndpoint.Map(group);

        var regions = api.MapGroup("").WithTags("Regions");
        ListRegionsEndpoint.Map(regions);
        CreateRegionEndpoint.Map(regions);
        GetRegionEndpoint.Map(regions);
        UpdateRegionEndpoint.Map(regions);
        DeleteRegionEndpoint.Map(regions);
        FillRegionEndpoint.Map(regions);
    }
}

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(MeterRequest))]
[JsonSerializable(typeof(MeterView))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegionRequest))]
[JsonSerializable(typeof(FillRegionRequest))]
[JsonSerializable(typeof(ImportForm))]
[JsonSerializable(typeof(Envelope<ImportFile>))]
[JsonSerializable(typeof(Envelope<MeterImportUndoneView>))]
[JsonSerializable(typeof(Envelope<MeterView>))]
[JsonSerializable(typeof(Envelope<Page<MeterView>>))]
[JsonSerializable(typeof(Envelope<NearbyMetersView>))]
[JsonSerializable(typeof(Envelope<RegionView>))]
[JsonSerializable(typeof(Envelope<Page<RegionView>>))]
[JsonSerializable(typeof(Envelope<RegionFilledView>))]
[JsonSerializable(typeof(Envelope<RegisterView>))]
[JsonSerializable(typeof(Envelope<RegisterListView>))]
internal sealed partial class MetersJson : JsonSerializerContext;
