using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Audit;

/// <summary>One change: who, when, to what, from where, before and after.</summary>
internal sealed class AuditEntry
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }

    public Guid? ActorId { get; set; }

    public string Actor { get; set; } = "";

    /// <summary>created, updated, deleted, or a verb of the module (meters.imported).</summary>
    public string Action { get; set; } = "";

    public string EntityType { get; set; } = "";

    public Guid EntityId { get; set; }

    /// <summary>JSON object of the values before; null for a creation.</summary>
    public string? OldData { get; set; }

    public string? NewData { get; set; }

    public string? IpAddress { get; set; }

    public string? UserAgent { get; set; }
}

internal static class AuditMapping
{
    public static void Configure(ModelBuilder model)
    {
        var entry = model.Entity<AuditEntry>();
        entry.ToTable("audit_log");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.OldData).IsJson();
        entry.Property(e => e.NewData).IsJson();
        entry.HasIndex(e => new { e.EntityType, e.EntityId });
        entry.HasIndex(e => e.At);
    }
}
