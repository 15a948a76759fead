using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Domain;

public enum AssignmentStatus
{
    Pending,
    InProgress,
    Completed,
    Cancelled,
    Overdue,
}

/// <summary>A meter given to an agent to be read. A meter has at most one that is open.</summary>
internal sealed class Assignment : IAudited, IVersioned
{
    public AssignmentId Id { get; set; }

    public MeterId MeterId { get; set; }

    public UserId AgentId { get; set; }

    public ReadCycleId? CycleId { get; set; }

    public RouteId? RouteId { get; set; }

    /// <summary>Place in the agent's walk, from 1; null for the end.</summary>
    public int? Position { get; set; }

    public AssignmentStatus Status { get; set; }

    public int? EstimatedMinutes { get; set; }

    /// <summary>Exclusive; overdue from then on. Null for no end.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset AssignedAt { get; set; }

    /// <summary>When the work was first given, to whomever: <see cref="AssignedAt"/> of the first it was moved from.</summary>
    public DateTimeOffset GivenAt { get; set; }

    /// <summary>A visit at this instant or later ends the work: the start of the cycle's window, the moment a value was asked for again, or the day it was first given.</summary>
    public DateTimeOffset VisitsFrom { get; set; }

    /// <summary>Null for the operator at the machine and the server itself.</summary>
    public UserId? AssignedBy { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public string? CompletionNotes { get; set; }

    /// <summary>The reading that completed it; null where a skip did, or a person said so.</summary>
    public ReadingId? ReadingId { get; set; }

    /// <summary>The request it answers; null for ordinary work.</summary>
    public ReReadId? ReReadId { get; set; }

    /// <summary>The assignment this one took over from: another agent's, or the same agent's of the meter that stood at the place before.</summary>
    public AssignmentId? MovedFromId { get; set; }

    /// <summary>Until then the agent sees the meter; null while it does.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public bool IsOpen => Transitions.IsOpen(Status);

    public string AuditName => "assignment";

    public Guid AuditId => Id.Value;
}

/// <summary>Which status may follow which. The table decides, not the clock: a late cancel does not undo completed work.</summary>
internal static class Transitions
{
    public static readonly IReadOnlyList<AssignmentStatus> Open = [AssignmentStatus.Pending, AssignmentStatus.InProgress, AssignmentStatus.Overdue];

    public static bool IsOpen(AssignmentStatus status) => Open.Contains(status);

    public static bool Allows(AssignmentStatus from, AssignmentStatus to) => (from, to) switch
    {
        (AssignmentStatus.Pending, AssignmentStatus.InProgress or AssignmentStatus.Completed or AssignmentStatus.Cancelled or AssignmentStatus.Overdue) => true,
        (AssignmentStatus.InProgress, AssignmentStatus.Pending or AssignmentStatus.Completed or AssignmentStatus.Cancelled or AssignmentStatus.Overdue) => true,
        (AssignmentStatus.Overdue, AssignmentStatus.InProgress or AssignmentStatus.Completed or AssignmentStatus.Cancelled) => true,
        _ => false,
    };
}
