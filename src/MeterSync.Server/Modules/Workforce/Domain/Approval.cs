using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

public enum ApprovalKind
{
    MeterChange,
    HeldReading,

    /// <summary>A meter that is in no list: it is made with the last approval.</summary>
    FoundMeter,
}

public enum ApprovalStatus
{
    Pending,
    UnderReview,
    Approved,
    Rejected,
}

/// <summary>An agent's proposal to change a meter's data, a held reading or a meter that was found, on its way through ordered steps.</summary>
internal sealed class ApprovalRequest : IAudited, IVersioned
{
    public ApprovalRequestId Id { get; set; }

    public Guid? ClientId { get; set; }

    /// <summary>SHA-256 of what was sent, to tell a resend from another request; null without a client id.</summary>
    public byte[]? ContentHash { get; set; }

    public ApprovalKind Kind { get; set; }

    /// <summary>The meter may be gone when somebody decides. Null for one that was found, until it is made.</summary>
    public MeterId? MeterId { get; set; }

    /// <summary>The held reading; null for a change of the meter.</summary>
    public ReadingId? ReadingId { get; set; }

    /// <summary>Who proposes.</summary>
    public UserId AgentId { get; set; }

    /// <summary>JSON object of the fields as they shall be; null for a held reading.</summary>
    public string? MeterData { get; set; }

    /// <summary>The same fields as they were when it was proposed; null where there was no meter.</summary>
    public string? BeforeData { get; set; }

    /// <summary>JSON array of ids, addresses or hashes of photos; null without.</summary>
    public string? Photos { get; set; }

    public int? MeterVersion { get; set; }

    public ApprovalStatus Status { get; set; }

    /// <summary>Names of roles in order, separated by spaces.</summary>
    public string Steps { get; set; } = "";

    /// <summary>The step that is next, from 0.</summary>
    public int Step { get; set; }

    public string? SubmissionNotes { get; set; }

    public string? ReviewNotes { get; set; }

    /// <summary>Who decided last, or looks at it now.</summary>
    public UserId? ReviewerId { get; set; }

    public DateTimeOffset SubmittedAt { get; set; }

    public DateTimeOffset? ReviewedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public bool IsDecided => Status is ApprovalStatus.Approved or ApprovalStatus.Rejected;

    public string AuditName => "approval_request";

    public Guid AuditId => Id.Value;
}

public enum Decision
{
    Review,
    Approve,
    Reject,
}

/// <summary>What one person said at one step.</summary>
internal sealed class ApprovalDecision
{
    public ApprovalRequestId RequestId { get; set; }

    public int Step { get; set; }

    public Decision Decision { get; set; }

    public string? Note { get; set; }

    /// <summary>Null for the operator at the machine.</summary>
    public UserId? DecidedBy { get; set; }

    public DateTimeOffset DecidedAt { get; set; }
}
