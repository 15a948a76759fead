using MeterSync.Modules.Readings.Domain;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

internal static class ReadingMapping
{
    public static void Configure(ModelBuilder model)
    {
        var reading = model.Entity<Reading>();
        reading.ToTable("readings");
        reading.HasKey(r => r.Id);
        reading.Ignore(r => r.AuditName);
        reading.Ignore(r => r.AuditId);
        reading.Ignore(r => r.PersonId);
        reading.Ignore(r => r.Reader);
        reading.Property(r => r.Photos).IsJson();
        reading.Property(r => r.Version).IsConcurrencyToken();
        reading.HasIndex(r => r.ClientId).IsUnique();
        reading.HasIndex(r => new { r.ReadingAt, r.Id });
        reading.HasIndex(r => new { r.MeterId, r.ReadingAt, r.Id });
        reading.HasIndex(r => new { r.State, r.ReadingAt, r.Id });
        reading.HasIndex(r => new { r.Source, r.ReadingAt });
        reading.HasIndex(r => new { r.AgentId, r.ReadingAt, r.Id });
        reading.HasIndex(r => new { r.Evidence, r.ReadingAt, r.Id });
        reading.HasIndex(r => r.ImportBatchId);

        var value = model.Entity<ReadingValue>();
        value.ToTable("reading_values");
        value.HasKey(v => new { v.ReadingId, v.Id }); // the values of a reading lie together
        value.Ignore(v => v.AuditName);
        value.Ignore(v => v.AuditId);
        value.Ignore(v => v.AuditsCreation);
        value.Ignore(v => v.IsLive);
        value.Property(v => v.Findings).IsJson();
        value.Property(v => v.Expected).IsJson();
        value.Property(v => v.Estimate).IsJson();
        value.HasOne<Reading>().WithMany().HasForeignKey(v => v.ReadingId).OnDelete(DeleteBehavior.ClientNoAction);
        value.HasIndex(v => v.Id).IsUnique();
        value.HasIndex(v => new { v.RegisterId, v.ReadingAt });

        var exchange = model.Entity<MeterExchange>();
        exchange.ToTable("meter_exchanges");
        exchange.HasKey(e => e.Id);
        exchange.Ignore(e => e.AuditName);
        exchange.Ignore(e => e.AuditId);
        exchange.HasIndex(e => e.ClientId).IsUnique();
        exchange.HasIndex(e => new { e.ServicePointId, e.ExchangedAt });
        exchange.HasIndex(e => new { e.OldMeterId, e.ExchangedAt });
        exchange.HasIndex(e => new { e.NewMeterId, e.ExchangedAt });
        exchange.HasIndex(e => e.RemovalReadingId);
        exchange.HasIndex(e => e.InstallReadingId);
        exchange.HasOne<Reading>().WithMany().HasForeignKey(e => e.RemovalReadingId).OnDelete(DeleteBehavior.ClientNoAction);
        exchange.HasOne<Reading>().WithMany().HasForeignKey(e => e.InstallReadingId).OnDelete(DeleteBehavior.ClientNoAction);

        var reRead = model.Entity<ReRead>();
        reRead.ToTable("re_reads");
        reRead.HasKey(r => r.Id);
        reRead.Ignore(r => r.AuditName);
        reRead.Ignore(r => r.AuditId);
        reRead.HasOne<Reading>().WithMany().HasForeignKey(r => r.ReadingId);
        reRead.HasIndex(r => new { r.MeterId, r.RequestedAt });
        reRead.HasIndex(r => r.RequestedAt);
    }
}
