using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Public;

/// <summary>What regions ask of who looks at them or changes them.</summary>
internal static class RegionPermissions
{
    public static readonly Permission Read = new("regions:read", "See regions.");
    public static readonly Permission Write = new("regions:write", "Make, change, fill and delete regions.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer), new(Write)];
}
