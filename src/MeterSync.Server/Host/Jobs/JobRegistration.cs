namespace MeterSync.Host.Jobs;

internal static class JobRegistration
{
    public static void AddJobs(this IServiceCollection services) => services.AddHostedService<JobWorker>();
}
