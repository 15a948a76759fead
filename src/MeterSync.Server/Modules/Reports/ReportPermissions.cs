using MeterSync.Kernel;

namespace MeterSync.Modules.Reports;

internal static class ReportPermissions
{
    public static readonly Permission CreateExports = new("exports:create", "Export readings, bills, meters and, with audit:read, the audit log to files and fetch them; managers see everybody's exports.");

    public static readonly Permission Read = new("reports:read", "See reports.");

    public static readonly IReadOnlyList<GrantedPermission> All = [new(CreateExports, BuiltInRole.Manager, BuiltInRole.Viewer), new(Read, BuiltInRole.Manager, BuiltInRole.Viewer)];
}
