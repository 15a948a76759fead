using MeterSync.Kernel;

namespace MeterSync.Modules.Audit.Public;

/// <summary>What the audit log asks of who looks at it.</summary>
public static class AuditPermission
{
    public static readonly Permission Read = new("audit:read", "Read and export the audit log: who changed what, from where; with a narrowed scope one's own deeds only.");
    public static readonly Permission Verify = new("audit:verify", "Have the audit log's chain verified.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(Read), new(Verify)];
}
