using MeterSync.Kernel;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Events;

/// <summary>Something that happened, saved in the transaction of its change, until whoever carries it on has done so. It names people by their ids alone.</summary>
internal sealed class OutboxEvent
{
    /// <summary>Whoever handles events keeps it, so that one that comes twice counts once.</summary>
    public Guid Id { get; set; }

    /// <summary>An <see cref="IEventKind.Word"/>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Of the body.</summary>
    public int Version { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Who did it; null for the operator at the machine and the server itself.</summary>
    public UserId? ActorId { get; set; }

    /// <summary>Whose work or proposal it is.</summary>
    public UserId? UserId { get; set; }

    public string SubjectType { get; set; } = "";

    public Guid SubjectId { get; set; }

    public RegionId? RegionId { get; set; }

    /// <summary>JSON object.</summary>
    public string Body { get; set; } = "";

    /// <summary>Until then somebody is at it; null where nobody was.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Null while it waits.</summary>
    public DateTimeOffset? HandledAt { get; set; }
}

internal static class OutboxMapping
{
    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<OutboxEvent>();
        entity.ToTable("outbox_events");
        entity.HasKey(e => e.Id);
        entity.Property(e => e.Body).IsJson();
        entity.HasIndex(e => e.At);
        entity.HasIndex(e => new { e.At, e.Id });
    }
}
