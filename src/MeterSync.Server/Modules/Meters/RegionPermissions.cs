using MeterSync.Kernel;

namespace MeterSync.Modules.Meters;

internal static class RegionPermissions
{
    public static readonly Permission Read = new("regions:read", "See regions.");
    public static readonly Permission Write = new("regions:write", "Make, rename and delete regions.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer), new(Write)];
}
