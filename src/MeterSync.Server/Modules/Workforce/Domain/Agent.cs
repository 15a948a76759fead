using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

public enum AgentStatus
{
    Available,
    Busy,
    Offline,
    OnBreak,
}

/// <summary>A person who reads meters. Its id is its user's.</summary>
internal sealed class Agent : IAudited, IVersioned, IPersonal
{
    public UserId Id { get; set; }

    public string? LocationId { get; set; }

    public RegionId? RegionId { get; set; }

    /// <summary>Open assignments it may have at once.</summary>
    public int MaxLoad { get; set; }

    public AgentStatus Status { get; set; } = AgentStatus.Offline;

    /// <summary>When <see cref="Status"/> was said; null before anybody said one.</summary>
    public DateTimeOffset? StatusAt { get; set; }

    /// <summary>Under which client_id a phone said it; null where it was said at once.</summary>
    public Guid? StatusClientId { get; set; }

    /// <summary>Degrees north, WGS 84, where it was last; null where nothing is known or it was too long ago.</summary>
    [Personal]
    public double? Latitude { get; set; }

    /// <summary>Degrees east, WGS 84.</summary>
    [Personal]
    public double? Longitude { get; set; }

    public double? AccuracyMetres { get; set; }

    public DateTimeOffset? PositionAt { get; set; }

    [Personal]
    public string? AvatarUrl { get; set; }

    /// <summary>The last number of its change log; moves under the lock of this row only.</summary>
    public long ChangeSeq { get; set; }

    /// <summary>Changes up to this number are forgotten: who has not heard of them is told all anew.</summary>
    public long ChangeFloor { get; set; }

    /// <summary>Since when it gets no work any more; null while it does.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "agent";

    public Guid AuditId => Id.Value;

    public Guid PersonId => Id.Value;
}

/// <summary>Where an agent was at an instant: thinned, in working hours only, deleted after its days.</summary>
internal sealed class AgentPosition
{
    public UserId AgentId { get; set; }

    public DateTimeOffset At { get; set; }

    public double Latitude { get; set; }

    public double Longitude { get; set; }

    public double? AccuracyMetres { get; set; }
}

public enum ChangedEntity
{
    Assignment,
    Meter,
    Reading,
}

/// <summary>Something an agent's devices have to hear of: an assignment, a meter or an own reading is there, is different, or is gone.</summary>
internal sealed class AgentChange
{
    public UserId AgentId { get; set; }

    /// <summary>Rises by one with each change of the agent's.</summary>
    public long Seq { get; set; }

    public DateTimeOffset At { get; set; }

    public ChangedEntity Entity { get; set; }

    public Guid EntityId { get; set; }

    /// <summary>A tombstone: the agent sees it no more.</summary>
    public bool Deleted { get; set; }
}
