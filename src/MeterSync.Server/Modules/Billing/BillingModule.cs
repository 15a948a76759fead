using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Billing.AdjustBillingRun;
using MeterSync.Modules.Billing.FreezeBillingRun;
using MeterSync.Modules.Billing.GetBillingRun;
using MeterSync.Modules.Billing.GetBillingRunJob;
using MeterSync.Modules.Billing.ListBillingAdjustments;
using MeterSync.Modules.Billing.ListBillingLines;
using MeterSync.Modules.Billing.ListBillingRows;
using MeterSync.Modules.Billing.ListBillingRuns;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Billing.Store;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Settings.Public;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing;

/// <summary>Accepted readings turned into billing rows, frozen for the bills, and adjusted when truth changes.</summary>
internal sealed class BillingModule : IModule
{
    public string Name => "Billing";

    public IReadOnlyList<GrantedPermission> Permissions => BillingPermissions.All;

    public IJsonTypeInfoResolver Json => BillingJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<BillingBook>();
        services.AddScoped<IBillingBook>(provider => provider.GetRequiredService<BillingBook>());
        services.AddScoped<BillingRuns>();
        services.AddScoped<BillingDifferences>();
        services.AddScoped<IBilledRegisters, BilledRegisters>();
        services.AddScoped<IPersonalData, BillingPersonalData>();
        services.AddScoped<IJobHandler, FreezeBillingRunJob>();
        services.AddScoped<FreezeBillingRunHandler>();
        services.AddScoped<GetBillingRunJobHandler>();
        services.AddScoped<ListBillingRunsHandler>();
        services.AddScoped<GetBillingRunHandler>();
        services.AddScoped<ListBillingLinesHandler>();
        services.AddScoped<ListBillingAdjustmentsHandler>();
        services.AddScoped<AdjustBillingRunHandler>();
        services.AddScoped<ListBillingRowsHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => BillingMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Billing");
        ListBillingRowsEndpoint.Map(group);
        FreezeBillingRunEndpoint.Map(group);
        GetBillingRunJobEndpoint.Map(group);
        ListBillingRunsEndpoint.Map(group);
        GetBillingRunEndpoint.Map(group);
        ListBillingLinesEndpoint.Map(group);
        ListBillingAdjustmentsEndpoint.Map(group);
        AdjustBillingRunEndpoint.Map(group);
    }
}

[JsonSerializable(typeof(FreezeBillingRunRequest))]
[JsonSerializable(typeof(Envelope<BillingRunView>))]
[JsonSerializable(typeof(Envelope<Page<BillingRunView>>))]
[JsonSerializable(typeof(Envelope<Page<BillingLineView>>))]
[JsonSerializable(typeof(Envelope<Page<BillingDifferenceView>>))]
[JsonSerializable(typeof(Envelope<BillingAdjustmentView>))]
internal sealed partial class BillingJson : JsonSerializerContext;
