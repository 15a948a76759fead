using MeterSync.Kernel;

namespace MeterSync.Host;

/// <summary>Every module, in dependency order: a module may use the Public namespace of those above it only.</summary>
internal static class ModuleCatalog
{
    public static readonly IReadOnlyList<IModule> All =
    [
        new Modules.Settings.SettingsModule(),
        new Modules.Accounts.AccountsModule(),
        new Modules.Audit.AuditModule(),
        new Modules.Meters.MetersModule(),
        new Modules.Readings.ReadingsModule(),
        new Modules.Workforce.WorkforceModule(),
        new Modules.Uploads.UploadsModule(),
        new Modules.Photos.PhotosModule(),
        new Modules.Sync.SyncModule(),
        new Modules.Billing.BillingModule(),
        new Modules.Reports.ReportsModule(),
    ];
}
