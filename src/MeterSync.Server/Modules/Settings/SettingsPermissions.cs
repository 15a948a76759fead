using MeterSync.Kernel;

namespace MeterSync.Modules.Settings;

internal static class SettingsPermissions
{
    public static readonly Permission Write = new("settings:write", "Change the organisation, its time zone, currency and language, the limits and the block list.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Write)];
}
