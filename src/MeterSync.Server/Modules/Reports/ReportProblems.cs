using MeterSync.Kernel;

namespace MeterSync.Modules.Reports;

internal static class ReportProblems
{
    public static readonly ProblemCode ExportNotFound = new("export.not_found", 404, "There is no such export, or it is not yours to see.");
    public static readonly ProblemCode ExportNotReady = new("export.not_ready", 409, "The export is still being written; ask its status.");
    public static readonly ProblemCode ExportFailed = new("export.failed", 409, "The export failed or was cancelled; there is no file.");
    public static readonly ProblemCode ExportGone = new("export.gone", 410, "The file was kept for its days and is deleted. Export again.");
}
