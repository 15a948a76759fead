using MeterSync.Kernel.Telemetry;

namespace MeterSync.Store.Vision;

internal static class VisionRegistration
{
    /// <summary>Costs nothing until the first picture.</summary>
    public static void AddVision(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<VisionOptions>().Bind(configuration.GetSection(VisionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VisionWorkers>();
        services.AddSingleton<IVisionWorker>(provider => provider.GetRequiredService<VisionWorkers>());
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<VisionWorkers>());
    }
}
