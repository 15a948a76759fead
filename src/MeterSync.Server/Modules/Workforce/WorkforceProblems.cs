using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce;

internal static class WorkforceProblems
{
    public static readonly ProblemCode AgentNotFound = new("agent.not_found", 404, "There is no such agent, or it is not yours to see.");
    public static readonly ProblemCode AgentExists = new("agent.exists", 409, "The user is an agent already.");
    public static readonly ProblemCode AgentUserUnknown = new("agent.user_not_found", 404, "There is no user with this id who may come in.");
    public static readonly ProblemCode AgentRetired = new("agent.retired", 409, "The agent gets no work any more.");
    public static readonly ProblemCode AgentOverLoad = new("agent.over_load", 409, "The agent would have more open work than its maximum load.");
    public static readonly ProblemCode AgentHasWork = new("agent.has_work", 409, "The agent has open work; move or cancel it first.");
    public static readonly ProblemCode NotAnAgent = new("agent.not_an_agent", 404, "You are not an agent here: a supervisor has to make you one.");
    public static readonly ProblemCode PositionInFuture = new("agent.position_in_future", 400, "A position cannot be later than now; two minutes are allowed for clocks.");
    public static readonly ProblemCode PositionTooFast = new("agent.position_too_fast", 400, "Nobody moves that fast on the ground: the position or its time is wrong.");
    public static readonly ProblemCode NobodyAvailable = new("assignment.nobody_available", 409, "No agent can take the work: all are retired or at their maximum load.");
    public static readonly ProblemCode AssignmentNotFound = new("assignment.not_found", 404, "There is no such assignment, or it is not yours to see.");
    public static readonly ProblemCode MeterUnknown = new("assignment.meter_not_found", 404, "There is no meter with this id that you see.");
    public static readonly ProblemCode MeterNotActive = new("assignment.meter_not_active", 409, "The meter is not active, so there is nothing to read.");
    public static readonly ProblemCode MeterTaken = new("assignment.meter_taken", 409, "The meter is assigned already, and the work is still open.");
    public static readonly ProblemCode TransitionRefused = new("assignment.transition_refused", 409, "This status cannot follow the present one.");
    public static readonly ProblemCode RouteNotFound = new("route.not_found", 404, "There is no such route.");
    public static readonly ProblemCode RouteNameTaken = new("route.name_taken", 409, "Another route has this name.");
    public static readonly ProblemCode RouteBadStop = new("route.bad_stop", 400, "A stop is no service point, or stands in the route twice.");
    public static readonly ProblemCode RouteEmpty = new("route.empty", 409, "No active meter stands at any stop of the route.");
    public static readonly ProblemCode CycleNotFound = new("cycle.not_found", 404, "There is no such read cycle.");
    public static readonly ProblemCode CycleNotPlanned = new("cycle.not_planned", 409, "Only a planned cycle can be opened or changed.");
    public static readonly ProblemCode CycleNotOpen = new("cycle.not_open", 409, "The cycle is not open.");
    public static readonly ProblemCode CycleEmpty = new("cycle.empty", 409, "No active meter belongs to the cycle.");
    public static readonly ProblemCode CycleOverlaps = new("cycle.overlaps", 409, "Meters of the cycle stand in another open one.");
    public static readonly ProblemCode MeterNotInCycle = new("cycle.meter_not_in_it", 409, "The meter does not belong to the cycle that was named.");
    public static readonly ProblemCode CycleHasOpenWork = new("cycle.has_open_work", 409, "Meters are unread: say whether they are estimated or left missing.");
    public static readonly ProblemCode SkipMeterUnknown = new("skip.meter_not_found", 404, "There is no meter with this id or serial number among those you may work on.");
    public static readonly ProblemCode SkipConflict = new("skip.client_id_conflict", 409, "This client_id came with other content before; the stored skip stays as it is.");
    public static readonly ProblemCode SkipInFuture = new("skip.in_future", 400, "A visit cannot be later than now; ten minutes are allowed for clocks.");
    public static readonly ProblemCode NeverRead = new("re_read.never_read", 409, "The meter was never read, so there is nothing to read again.");
    public static readonly ProblemCode ApprovalNotFound = new("approval.not_found", 404, "There is no such request, or it is not yours to see.");
    public static readonly ProblemCode ApprovalDecided = new("approval.already_decided", 409, "The request was decided before.");
    public static readonly ProblemCode ApprovalOwn = new("approval.own_work", 403, "Nobody decides about what he proposed or read himself.");
    public static readonly ProblemCode ApprovalNotYourStep = new("approval.not_your_step", 403, "The step that is next belongs to another role.");
    public static readonly ProblemCode ApprovalSamePerson = new("approval.same_person", 403, "Each step needs another person.");
    public static readonly ProblemCode ApprovalMeterChanged = new("approval.meter_changed", 409, "The meter was changed since the request was made; what it says may be out of date.");
    public static readonly ProblemCode ApprovalMeterGone = new("approval.meter_gone", 409, "The meter was deleted since; the request can only be rejected.");
    public static readonly ProblemCode ApprovalMeterKnown = new("approval.meter_known", 409, "A meter with this serial number is in the list by now; the request can only be rejected.");
    public static readonly ProblemCode ApprovalNothing = new("approval.nothing_to_change", 400, "The request would change nothing, or names no field of a meter.");
    public static readonly ProblemCode ApprovalNotHeld = new("approval.reading_not_held", 409, "The reading is not held.");
    public static readonly ProblemCode ApprovalOvertaken = new("approval.overtaken", 409, "The reading was decided on elsewhere meanwhile; the request can only be rejected, which leaves the reading as it is.");
    public static readonly ProblemCode ApprovalConflict = new("approval.client_id_conflict", 409, "This client_id came with other content before; the stored request stays as it is.");
    public static readonly ProblemCode ApprovalOpen = new("approval.reading_waits", 409, "The reading waits for a decision already.");
    public static readonly ProblemCode FollowUpNotFound = new("follow_up.not_found", 404, "There is no such follow-up.");
}
