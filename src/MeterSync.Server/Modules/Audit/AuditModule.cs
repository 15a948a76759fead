using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Audit.GetAuditVerification;
using MeterSync.Modules.Audit.ListAuditLogs;
using MeterSync.Modules.Audit.Public;
using MeterSync.Modules.Audit.Store;
using MeterSync.Modules.Audit.VerifyAuditLog;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Audit;

/// <summary>Who changed what: read, exported and verified here, written by the store with each change (Store/Audit).</summary>
internal sealed class AuditModule : IModule
{
    public const string Title = "Audit";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => AuditPermission.All;

    public IJsonTypeInfoResolver Json => AuditJsonContext.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<AuditQueries>();
        services.AddScoped<AuditViews>();
        services.AddScoped<IAuditBook, AuditBook>();
        services.AddScoped<ListAuditLogsHandler>();
        services.AddScoped<VerifyAuditLogHandler>();
        services.AddScoped<IJobHandler, VerifyAuditLogJob>();
        services.AddScoped<GetAuditVerificationHandler>();
    }

    public void ConfigureModel(ModelBuilder model)
    {
    }

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Audit");
        ListAuditLogsEndpoint.Map(group);
        VerifyAuditLogEndpoint.Map(group);
        GetAuditVerificationEndpoint.Map(group);
    }
}

[JsonSerializable(typeof(VerifyAuditLogRequest))]
[JsonSerializable(typeof(Envelope<Page<AuditEntryView>>))]
[JsonSerializable(typeof(string))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
