using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters;

/// <summary>Service points, the meters on them, their registers, and lists of them coming in.</summary>
internal sealed class MetersModule : IModule
{
    public string Name => "Meters";

    public IReadOnlyList<GrantedPermission> Permissions => MeterPermissions.All;

    public IJsonTypeInfoResolver Json => MetersJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<IMeterRegistry, MeterRegistry>();
    }

    public void ConfigureModel(ModelBuilder model) => MeterMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class MetersJson : JsonSerializerContext;
