using MeterSync.Kernel;

namespace MeterSync.Modules.Readings;

internal static class ReadingPermissions
{
    public static readonly Permission Read = new("readings:read", "See readings; agents see their own.");
    public static readonly Permission Create = new("readings:create", "Record readings.");
    public static readonly Permission Verify = new("readings:verify", "Verify, reject and correct readings, and change their notes.");
    public static readonly Permission Import = new("readings:import", "Import historic readings and undo imports.");

    public static readonly Permission Exchange = new("meters:exchange", "Exchange meters at their service points, and undo it.");

    public static readonly IReadOnlyList<GrantedPermission> All =
    [
        new(Read, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer),
        new(Create, BuiltInRole.Manager, BuiltInRole.Agent),
        new(Verify, BuiltInRole.Manager),
        new(Import, BuiltInRole.Manager),
        new(Exchange, BuiltInRole.Manager),
    ];
}
