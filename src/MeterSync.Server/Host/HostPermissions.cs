using MeterSync.Kernel;

namespace MeterSync.Host;

/// <summary>Permissions of the routes that belong to no module.</summary>
internal static class HostPermissions
{
    public static readonly Permission ReadSystem = new("system:read", "See how the server is doing inside: its metrics, memory, database and jobs.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(ReadSystem)];
}
