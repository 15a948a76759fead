using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts;

internal static class AccountPermissions
{
    public static readonly Permission ReadUsers = new("users:read", "See the users.");
    public static readonly Permission WriteUsers = new("users:write", "Make, change and close accounts, give roles and scopes one holds oneself, set passwords, revoke keys.");
    public static readonly Permission EraseUsers = new("users:erase", "Export a person's data, and erase it on request.");
    public static readonly Permission ReadRoles = new("roles:read", "See roles and permissions.");
    public static readonly Permission WriteRoles = new("roles:write", "Make and change roles out of permissions one holds oneself.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(ReadUsers, BuiltInRole.Manager), new(WriteUsers), new(EraseUsers), new(ReadRoles, BuiltInRole.Manager), new(WriteRoles)];
}
