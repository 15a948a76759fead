using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce;

internal static class WorkforcePermissions
{
    public static readonly Permission ReadAgents = new("agents:read", "See agents, their load and where they are; agents see themselves.");
    public static readonly Permission WriteAgents = new("agents:write", "Make people agents and change what they can carry.");
    public static readonly Permission Report = new("agents:report", "Report the own status and position.");
    public static readonly Permission ReadAssignments = new("assignments:read", "See who reads which meter; agents see their own work.");
    public static readonly Permission WriteAssignments = new("assignments:write", "Give meters to agents, move and cancel work, and ask for re-reads.");
    public static readonly Permission Work = new("assignments:work", "Move the own assignments through their statuses and skip meters.");
    public static readonly Permission ReadCycles = new("cycles:read", "See read cycles, routes and how far they are.");
    public static readonly Permission WriteCycles = new("cycles:write", "Plan, open and close read cycles, and keep routes.");
    public static readonly Permission ReadApprovals = new("approvals:read", "See what waits for a decision; agents see what they proposed.");
    public static readonly Permission CreateApprovals = new("approvals:create", "Propose changes of meter data, and put held readings forward.");
    public static readonly Permission Decide = new("approvals:decide", "Review, approve and reject what others proposed.");

    public static readonly IReadOnlyList<GrantedPermission> All =
    [
        new(ReadAgents, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(WriteAgents, BuiltInRole.Manager),
        new(Report, BuiltInRole.Agent),
        new(ReadAssignments, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(WriteAssignments, BuiltInRole.Manager),
        new(Work, BuiltInRole.Manager, BuiltInRole.Agent),
        new(ReadCycles, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(WriteCycles, BuiltInRole.Manager),
        new(ReadApprovals, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(CreateApprovals, BuiltInRole.Manager, BuiltInRole.Agent),
        new(Decide, BuiltInRole.Manager),
    ];
}
