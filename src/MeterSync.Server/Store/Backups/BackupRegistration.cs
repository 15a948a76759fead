using MeterSync.Kernel.Telemetry;

namespace MeterSync.Store.Backups;

internal static class BackupRegistration
{
    /// <summary>What serving needs of backups.</summary>
    public static void AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<ServingLock>();
        services.AddSingleton<RestoreSettlement>();
        services.AddSingleton<BackupRecords>();
        services.AddSingleton<IGaugeSource>(provider => provider.GetRequiredService<BackupRecords>());
    }

    /// <summary>What makes and restores them.</summary>
    public static void AddBackupVerbs(this IServiceCollection services)
    {
        services.AddSingleton<BackupRun>();
        services.AddSingleton<RestoreRun>();
    }
}
