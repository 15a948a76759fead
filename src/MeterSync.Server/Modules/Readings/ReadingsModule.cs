using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Readings;

/// <summary>Readings taken, validated, verified and corrected.</summary>
internal sealed class ReadingsModule : IModule
{
    public string Name => "Readings";

    public IReadOnlyList<GrantedPermission> Permissions => ReadingPermissions.All;

    public IJsonTypeInfoResolver Json => ReadingsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IReadingLedger, ReadingLedger>();
        services.AddSingleton<ReadingLedgerSource>(provider => provider.GetRequiredService<IOptions<StoreOptions>>().Value.Kind == StoreProvider.Sqlite
            ? ActivatorUtilities.CreateInstance<ReadingLedgerSqlite>(provider)
            : ActivatorUtilities.CreateInstance<ReadingLedgerPostgres>(provider));
    }

    public void ConfigureModel(ModelBuilder model) => ReadingMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class ReadingsJson : JsonSerializerContext;
