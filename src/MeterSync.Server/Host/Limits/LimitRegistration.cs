using System.Diagnostics.Metrics;
using MeterSync.Kernel.Limits;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Host.Limits;

internal static class LimitRegistration
{
    public static void AddLimits(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<IRateCounters>(provider => new InProcessRateCounters(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TooManyAnswer>();
        services.AddSingleton(provider =>
        {
            var limits = provider.GetRequiredService<IRateLimits>();
            provider.GetRequiredService<IMeterFactory>().Create(LimitMeter.MeterName).CreateObservableGauge("metersync.addresses.blocked", () => limits.Current.Blocked.Count, "{entry}", "Entries of the block list.");
            return new LimitMeter(provider.GetRequiredService<IMeterFactory>());
        });
    }
}
