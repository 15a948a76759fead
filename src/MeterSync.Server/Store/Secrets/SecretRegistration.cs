using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeterSync.Store.Secrets;

internal static class SecretRegistration
{
    private const string ApplicationName = "metersync";

    public static void AddSecrets(this IServiceCollection services, DataDirectory data)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName).PersistKeysToFileSystem(new DirectoryInfo(data.Keys));

        // The framework would make its keys at every start, also of a verb that needs none.
        foreach (var eager in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(IKeyManager).Assembly).ToList())
        {
            services.Remove(eager);
        }

        services.TryAddSingleton<SecretBox>();
    }
}
