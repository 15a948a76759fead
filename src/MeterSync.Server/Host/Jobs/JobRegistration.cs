namespace MeterSync.Host.Jobs;

internal static class JobRegistration
{
    public static void AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobOptions>().Bind(configuration.GetSection(JobOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<JobCensus>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<StoreSweep>();
        services.AddHostedService<AuditSealingWork>();
        services.AddHostedService<PersonKeyRefresh>();
        services.AddHostedService<ServingWatch>();
    }
}
