using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads;

internal static class UploadPermissions
{
    public static readonly Permission Write = new("uploads:write", "Send files in pieces, and go on with them after a break.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Write, BuiltInRole.Manager, BuiltInRole.Agent)];
}
