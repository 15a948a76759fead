using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts;

internal static class AccountPermissions
{
    public static readonly Permission ReadUsers = new("users:read", "See the users.");
    public static readonly Permission WriteUsers = new("users:write", "Make users, set their roles and passwords.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(ReadUsers, BuiltInRole.Manager), new(WriteUsers)];
}
