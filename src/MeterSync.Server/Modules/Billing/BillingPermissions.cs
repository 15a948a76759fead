using MeterSync.Kernel;

namespace MeterSync.Modules.Billing;

internal static class BillingPermissions
{
    public static readonly Permission Read = new("billing:read", "See billing rows, frozen runs and what changed since.");
    public static readonly Permission Freeze = new("billing:freeze", "Freeze billing runs and write their adjustments.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Read, BuiltInRole.Manager, BuiltInRole.Viewer), new(Freeze, BuiltInRole.Manager)];
}
