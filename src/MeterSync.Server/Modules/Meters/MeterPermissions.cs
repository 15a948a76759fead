using MeterSync.Kernel;

namespace MeterSync.Modules.Meters;

internal static class MeterPermissions
{
    public static readonly Permission Read = new("meters:read", "See meters, their registers and service points.");
    public static readonly Permission Write = new("meters:write", "Make and change meters, registers and service points.");
    public static readonly Permission Delete = new("meters:delete", "Delete meters that have no readings.");
    public static readonly Permission Import = new("meters:import", "Import meter lists and undo imports.");

    public static readonly IReadOnlyList<GrantedPermission> All =
    [
        new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(Write, BuiltInRole.Manager),
        new(Delete, BuiltInRole.Manager),
        new(Import, BuiltInRole.Manager),
    ];
}
