using MeterSync.Kernel;

namespace MeterSync.Store.Audit;

internal static class AuditRegistration
{
    public static void AddAuditLog(this IServiceCollection services)
    {
        services.AddSingleton<AuditSignal>();
        services.AddSingleton<AuditSealing>();
        services.AddSingleton<AuditAnchor>();
        services.AddSingleton<AuditChainKeys>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<PersonKeys>();
        services.AddScoped<AuditReader>();
        services.AddScoped<IPersonalData, AuditPersonalData>();
    }
}
