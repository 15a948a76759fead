using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

public enum SkipCode
{
    NoAccess,
    Dog,
    MeterMissing,
    Damaged,
    Unreadable,
    Unsafe,
    CustomerRefused,
    Vacant,
    Other,
}

/// <summary>A visit without a value.</summary>
internal sealed class Skip : IAudited
{
    public SkipId Id { get; set; }

    public Guid? ClientId { get; set; }

    /// <summary>SHA-256 of what makes it the same skip; null without a client id.</summary>
    public byte[]? ContentHash { get; set; }

    public MeterId MeterId { get; set; }

    /// <summary>Where the meter was then.</summary>
    public ServicePointId? ServicePointId { get; set; }

    /// <summary>Null where a program reported it.</summary>
    public UserId? AgentId { get; set; }

    public ReadCycleId? CycleId { get; set; }

    public AssignmentId? AssignmentId { get; set; }

    public SkipCode Code { get; set; }

    public string? Note { get; set; }

    public string? PhotoUrl { get; set; }

    public double? Latitude { get; set; }

    public double? Longitude { get; set; }

    public double? AccuracyMetres { get; set; }

    public DateTimeOffset SkippedAt { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public string AuditName => "skip";

    public Guid AuditId => Id.Value;
}

public enum FollowUpReason
{
    SkippedTwice,
    EstimatedRepeatedly,
}

/// <summary>A meter somebody has to look after: skipped in two cycles running, or estimated in more than two (VEE-114).</summary>
internal sealed class FollowUp : IAudited
{
    public FollowUpId Id { get; set; }

    public MeterId MeterId { get; set; }

    public FollowUpReason Reason { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Null where a reading closed it.</summary>
    public UserId? ClosedBy { get; set; }

    public string? Note { get; set; }

    public string AuditName => "follow_up";

    public Guid AuditId => Id.Value;
}
