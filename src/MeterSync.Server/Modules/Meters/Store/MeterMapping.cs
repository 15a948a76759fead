using MeterSync.Modules.Meters.Domain;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

internal static class MeterMapping
{
    public static void Configure(ModelBuilder model)
    {
        var region = model.Entity<Region>();
        region.ToTable("regions");
        region.HasKey(r => r.Id);
        region.Ignore(r => r.AuditName);
        region.Ignore(r => r.AuditId);
        region.Property(r => r.Polygon).IsJson();
        region.Property(r => r.Version).IsConcurrencyToken();
        region.HasIndex(r => r.NameKey).IsUnique();

        var point = model.Entity<ServicePoint>();
        point.ToTable("service_points");
        point.HasKey(p => p.Id);
        point.Ignore(p => p.AuditName);
        point.Ignore(p => p.AuditId);
        point.HasIndex(p => p.LocationId);
        point.HasIndex(p => p.RegionId);
        point.HasOne<Region>().WithMany().HasForeignKey(p => p.RegionId).OnDelete(DeleteBehavior.ClientNoAction);

        var meter = model.Entity<Meter>();
        meter.ToTable("meters");
        meter.HasIndex(m => m.RequiresPhoto);
        meter.HasKey(m => m.Id);
        meter.Ignore(m => m.AuditName);
        meter.Ignore(m => m.AuditId);
        meter.Property(m => m.Metadata).IsJson();
        meter.Property(m => m.Version).IsConcurrencyToken();
        meter.HasIndex(m => m.SerialNumber).IsUnique();
        meter.HasIndex(m => new { m.CreatedAt, m.Id });
        meter.HasOne<ServicePoint>().WithMany().HasForeignKey(m => m.ServicePointId).OnDelete(DeleteBehavior.ClientNoAction);

        var installation = model.Entity<MeterInstallation>();
        installation.ToTable("meter_installations");
        installation.HasKey(i => new { i.MeterId, i.InstalledAt });
        installation.HasIndex(i => i.MeterId).IsUnique();
        installation.HasOne<Meter>().WithMany().HasForeignKey(i => i.MeterId).OnDelete(DeleteBehavior.ClientNoAction);
        installation.HasOne<ServicePoint>().WithMany().HasForeignKey(i => i.ServicePointId).OnDelete(DeleteBehavior.ClientNoAction);

        var register = model.Entity<Register>();
        register.ToTable("registers");
        register.HasKey(r => r.Id);
        register.Ignore(r => r.AuditName);
        register.Ignore(r => r.AuditId);
        register.HasIndex(r => new { r.MeterId, r.Ordinal }).IsUnique();
        register.HasIndex(r => r.PredecessorId);
        register.HasOne<Register>().WithMany().HasForeignKey(r => r.PredecessorId).OnDelete(DeleteBehavior.ClientNoAction);
        register.HasOne<Meter>().WithMany().HasForeignKey(r => r.MeterId).OnDelete(DeleteBehavior.ClientNoAction);

        var version = model.Entity<RegisterVersion>();
        version.ToTable("register_versions");
        version.HasKey(v => new { v.RegisterId, v.EffectiveFrom });
        version.Ignore(v => v.AuditName);
        version.Ignore(v => v.AuditId);
        version.HasOne<Register>().WithMany().HasForeignKey(v => v.RegisterId).OnDelete(DeleteBehavior.ClientNoAction);

        var last = model.Entity<MeterLastReading>();
        last.ToTable("meter_last_readings");
        last.HasKey(l => l.MeterId);
        last.HasIndex(l => l.ReadingAt);
        last.HasOne<Meter>().WithOne().HasForeignKey<MeterLastReading>(l => l.MeterId).OnDelete(DeleteBehavior.ClientNoAction);

        var agent = model.Entity<MeterAgent>();
        agent.ToView("meter_agents");
        agent.HasNoKey();
    }
}
