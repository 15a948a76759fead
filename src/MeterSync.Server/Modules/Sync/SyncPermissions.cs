using MeterSync.Kernel;

namespace MeterSync.Modules.Sync;

internal static class SyncPermissions
{
    public static readonly Permission Push = new("sync:push", "Bring what was recorded offline, and fetch what the own phone needs.");
    public static readonly Permission Read = new("sync:read", "See conflicts, quarantine and phones; agents see their own.");
    public static readonly Permission Resolve = new("sync:resolve", "Decide about conflicts and quarantined items, revoke phones, and bring in the file of a dead one.");

    public static readonly IReadOnlyList<GrantedPermission> All =
    [
        new(Push, BuiltInRole.Manager, BuiltInRole.Agent),
        new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(Resolve, BuiltInRole.Manager),
    ];
}
