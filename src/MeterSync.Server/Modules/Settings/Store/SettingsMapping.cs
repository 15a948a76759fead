using MeterSync.Modules.Settings.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Settings.Store;

internal static class SettingsMapping
{
    public static void Configure(ModelBuilder model)
    {
        var settings = model.Entity<StoredSettings>();
        settings.ToTable("settings");
        settings.HasKey(s => s.Id);
        settings.Property(s => s.Id).ValueGeneratedNever();
        settings.Property(s => s.Version).IsConcurrencyToken();
        settings.Ignore(s => s.AuditName);
        settings.Ignore(s => s.AuditId);
        settings.Ignore(s => s.BlockedAddressList);
    }
}
