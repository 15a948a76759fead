using MeterSync.Modules.Reports.Store;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>Kinds of the jobs that write files.</summary>
internal static class ExportKinds
{
    public const string Csv = ExportJobs.KindPrefix + "csv";

    public const string Excel = ExportJobs.KindPrefix + "excel";

    /// <summary>One kind for both formats, because not everybody who sees exports may see the audit log.</summary>
    public const string Audit = ExportJobs.AuditKind;
}
