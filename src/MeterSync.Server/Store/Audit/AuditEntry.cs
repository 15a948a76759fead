using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Audit;

/// <summary>One change: who, when, to what, from where, before and after. Written with the change; given its place in the chain soon after; never changed again.</summary>
internal sealed class AuditEntry
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Null for the operator at the machine, the server itself and whoever is not signed in.</summary>
    public Guid? ActorId { get; set; }

    /// <summary>What stands before the id of the API key a program came in with.</summary>
    public const string ByKey = "key:";

    /// <summary>Empty for a person, whose name is looked up when the entry is read; <see cref="ByKey"/> and the key's id where a program acted for one.</summary>
    public string Actor { get; set; } = "";

    /// <summary>created, updated, deleted, or a verb of the module (meters.imported).</summary>
    public string Action { get; set; } = "";

    public string EntityType { get; set; } = "";

    public Guid EntityId { get; set; }

    /// <summary>JSON object of the values before; null for a creation. Text, because the chain needs it byte by byte.</summary>
    public string? OldData { get; set; }

    public string? NewData { get; set; }

    /// <summary>Encrypted under the actor's key where the actor is a person.</summary>
    public string? IpAddress { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>Place in the chain, from 1; null until the sealer has come by.</summary>
    public long? Seq { get; set; }

    public byte[]? Hash { get; set; }
}

internal static class AuditMapping
{
    /// <summary>What most entries are about, and so is not worth an index.</summary>
    public const string Created = "created";

    public static void Configure(ModelBuilder model)
    {
        var entry = model.Entity<AuditEntry>();
        entry.ToTable("audit_log");
        entry.HasKey(e => e.Id);
        entry.HasIndex(e => e.At);
        entry.HasIndex(e => new { e.ActorId, e.At });
        entry.HasIndex(e => new { e.EntityType, e.At });
        entry.HasIndex(e => e.EntityId);
        entry.HasIndex(e => new { e.Action, e.At });
        entry.HasIndex(e => new { e.At, e.Id });
        entry.HasIndex(e => e.Seq).IsUnique();

        var chain = model.Entity<AuditKey>();
        chain.ToTable("audit_keys");
        chain.HasKey(k => k.Number);
        chain.Property(k => k.Number).ValueGeneratedNever();

        var person = model.Entity<PersonKey>();
        person.ToTable("person_keys");
        person.HasKey(k => k.Id);
        person.HasIndex(k => k.PersonId);
        person.HasIndex(k => k.ErasedAt);
    }
}
