using MeterSync.Modules.Sync.Domain;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Foreign keys into other modules' tables stand in the schema alone.</summary>
internal static class SyncMapping
{
    public static void Configure(ModelBuilder model)
    {
        var device = model.Entity<FieldDevice>();
        device.ToTable("field_devices");
        device.HasKey(d => d.Id);
        device.HasIndex(d => new { d.UserId, d.DeviceKey }).IsUnique();
        device.HasIndex(d => d.LastSeenAt);

        var session = model.Entity<FieldDeviceSession>();
        session.ToTable("field_device_sessions");
        session.HasKey(s => new { s.DeviceId, s.SessionId });
        session.HasIndex(s => s.SessionId);
        session.HasOne<FieldDevice>().WithMany().HasForeignKey(s => s.DeviceId).OnDelete(DeleteBehavior.ClientNoAction);

        var item = model.Entity<SyncItem>();
        item.ToTable("sync_items");
        item.HasKey(i => i.ClientId);
        item.Property(i => i.ClientId).ValueGeneratedNever();
        item.HasIndex(i => new { i.DeviceId, i.ServerSeq }).IsUnique();
        item.HasIndex(i => i.EntityId);
        item.HasOne<FieldDevice>().WithMany().HasForeignKey(i => i.DeviceId).OnDelete(DeleteBehavior.ClientNoAction);

        var fault = model.Entity<SyncFault>();
        fault.ToTable("sync_faults");
        fault.HasKey(f => f.Id);
        fault.Property(f => f.Version).IsConcurrencyToken();
        fault.Property(f => f.SentClock).IsJson();
        fault.HasIndex(f => new { f.DeviceId, f.RawHash }).IsUnique();
        fault.HasIndex(f => new { f.ReceivedAt, f.Id });
        fault.HasIndex(f => new { f.Kind, f.Status, f.ReceivedAt });
        fault.HasIndex(f => f.ClientId);
        fault.HasIndex(f => f.UserId);
        fault.HasOne<FieldDevice>().WithMany().HasForeignKey(f => f.DeviceId).OnDelete(DeleteBehavior.ClientNoAction);

        var key = model.Entity<ReceiptKey>();
        key.ToTable("receipt_keys");
        key.HasKey(k => k.Number);
        key.Property(k => k.Number).ValueGeneratedNever();
    }
}
