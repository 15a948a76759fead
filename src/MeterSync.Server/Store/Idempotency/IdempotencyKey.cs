using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Idempotency;

/// <summary>A POST that was carried out under an Idempotency-Key, saved in the transaction of its effect.</summary>
internal sealed class IdempotencyKey
{
    /// <summary>How long the same key gives the same answer. Older ones are swept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Whose key it is; keys of different callers never meet.</summary>
    public string CallerName { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>SHA-256 over method, path and content.</summary>
    public byte[] RequestHash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null until the first answer went out.</summary>
    public int? Status { get; set; }

    public byte[]? Body { get; set; }

    /// <summary>The answer's ETag header.</summary>
    public string? EntityTag { get; set; }

    /// <summary>The answer's Location header.</summary>
    public string? Location { get; set; }
}

internal static class IdempotencyMapping
{
    public static void Configure(ModelBuilder model)
    {
        var key = model.Entity<IdempotencyKey>();
        key.ToTable("idempotency_keys");
        key.HasKey(k => new { k.CallerName, k.Key });
        key.HasIndex(k => k.CreatedAt);
    }
}

/// <summary>Carries the key of the request under way to the save that makes it count.</summary>
internal sealed class IdempotencyScope
{
    private IdempotencyKey? pending;

    /// <summary>Whether a save has taken the key along.</summary>
    public bool Joined { get; private set; }

    public void Begin(IdempotencyKey key)
    {
        pending = key;
        Joined = false;
    }

    public void JoinTo(MeterSyncDb db)
    {
        if (pending is not null && !Joined && db.HasChanges)
        {
            db.Set<IdempotencyKey>().Add(pending);
            Joined = true;
        }
    }
}
