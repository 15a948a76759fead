using System.Text.Json.Serialization;
using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce.Public;

/// <summary>What the workforce tells of, as docs/workforce.md lists it. What happens to several assignments of an agent in one step is one event.</summary>
internal static class WorkforceEvents
{
    public static readonly EventKind<WorkGiven> AssignmentGiven = new("assignment.given", 1, WorkforceEventJson.Default.WorkGiven);
    public static readonly EventKind<WorkMoved> AssignmentMoved = new("assignment.moved", 1, WorkforceEventJson.Default.WorkMoved);
    public static readonly EventKind<WorkEnded> AssignmentOverdue = new("assignment.overdue", 1, WorkforceEventJson.Default.WorkEnded);
    public static readonly EventKind<WorkEnded> AssignmentCancelled = new("assignment.cancelled", 1, WorkforceEventJson.Default.WorkEnded);
    public static readonly EventKind<ApprovalAsked> ApprovalRequested = new("approval.requested", 1, WorkforceEventJson.Default.ApprovalAsked);
    public static readonly EventKind<ApprovalAsked> ApprovalAdvanced = new("approval.advanced", 1, WorkforceEventJson.Default.ApprovalAsked);
    public static readonly EventKind<ApprovalAnswered> ApprovalDecided = new("approval.decided", 1, WorkforceEventJson.Default.ApprovalAnswered);
    public static readonly EventKind<CycleBegun> CycleOpened = new("cycle.opened", 1, WorkforceEventJson.Default.CycleBegun);
    public static readonly EventKind<CycleEnded> CycleClosed = new("cycle.closed", 1, WorkforceEventJson.Default.CycleEnded);
    public static readonly EventKind<HazardFound> HazardReported = new("hazard.reported", 1, WorkforceEventJson.Default.HazardFound);
    public static readonly EventKind<FollowUpsBegun> FollowUpOpened = new("follow_up.opened", 1, WorkforceEventJson.Default.FollowUpsBegun);
}

/// <param name="Count">Assignments of the agent that were given in one step.</param>
/// <param name="AssignmentId">Null where there are several.</param>
/// <param name="MeterId">Null where there are several.</param>
/// <param name="CycleId">Null where they are of no cycle or of several.</param>
/// <param name="RouteId">Null where they were not given as a route.</param>
/// <param name="ReReadId">The request it answers; null for ordinary work.</param>
/// <param name="DueAt">The earliest, exclusive; null for no end.</param>
internal sealed record WorkGiven(int Count, Guid? AssignmentId, Guid? MeterId, Guid? CycleId, Guid? RouteId, Guid? ReReadId, DateTimeOffset? DueAt);

/// <param name="AssignmentId">Of the agent who has it now.</param>
/// <param name="FromAgentId">Who had it.</param>
/// <param name="FromAssignmentId">What was cancelled there.</param>
internal sealed record WorkMoved(Guid AssignmentId, Guid MeterId, Guid? CycleId, Guid? FromAgentId, Guid FromAssignmentId, DateTimeOffset? DueAt);

/// <param name="Count">Assignments of the agent and the cycle that it happened to in one step.</param>
/// <param name="AssignmentId">Null where there are several.</param>
/// <param name="MeterId">Null where there are several.</param>
/// <param name="CycleId">Null where they are of no cycle.</param>
internal sealed record WorkEnded(int Count, Guid? AssignmentId, Guid? MeterId, Guid? CycleId);

/// <param name="Request">meter_change, held_reading or found_meter.</param>
/// <param name="MeterId">Null for a meter that was found, until it is made.</param>
/// <param name="ReadingId">The held reading; null for others.</param>
/// <param name="Step">Whose turn it is, from 0.</param>
/// <param name="Role">Who decides at that step.</param>
internal sealed record ApprovalAsked(string Request, Guid? MeterId, Guid? ReadingId, int Step, string Role);

/// <param name="Request">meter_change, held_reading or found_meter.</param>
/// <param name="Decision">approved or rejected.</param>
/// <param name="MeterId">Null for a meter that was found and not made.</param>
/// <param name="ReadingId">The held reading; null for others.</param>
internal sealed record ApprovalAnswered(string Request, string Decision, Guid? MeterId, Guid? ReadingId);

/// <param name="Meters">In the cycle.</param>
/// <param name="Assigned">Given out as it opened.</param>
/// <param name="WindowFrom">Inclusive.</param>
/// <param name="WindowTo">Exclusive.</param>
internal sealed record CycleBegun(int Meters, int Assigned, DateTimeOffset WindowFrom, DateTimeOffset WindowTo);

/// <param name="Estimated">Missed meters that were estimated.</param>
/// <param name="Missed">Meters without any value.</param>
/// <param name="Cancelled">Assignments that were still open.</param>
/// <param name="NextId">The cycle planned after it; null where it does not repeat.</param>
internal sealed record CycleEnded(int Meters, int Estimated, int Missed, int Cancelled, Guid? NextId);

/// <param name="Code">dog, unsafe, damaged or meter_missing: somebody may be in danger, or something is broken.</param>
internal sealed record HazardFound(string Code, Guid MeterId, Guid SkipId, DateTimeOffset SkippedAt);

/// <param name="Count">Meters somebody has to look after.</param>
/// <param name="Reason">skipped_twice or estimated_repeatedly.</param>
/// <param name="MeterId">Null where there are several.</param>
/// <param name="CycleId">In which it came about.</param>
internal sealed record FollowUpsBegun(int Count, string Reason, Guid? MeterId, Guid CycleId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkGiven))]
[JsonSerializable(typeof(WorkMoved))]
[JsonSerializable(typeof(WorkEnded))]
[JsonSerializable(typeof(ApprovalAsked))]
[JsonSerializable(typeof(ApprovalAnswered))]
[JsonSerializable(typeof(CycleBegun))]
[JsonSerializable(typeof(CycleEnded))]
[JsonSerializable(typeof(HazardFound))]
[JsonSerializable(typeof(FollowUpsBegun))]
internal sealed partial class WorkforceEventJson : JsonSerializerContext;
