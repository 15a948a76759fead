using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Store;

namespace MeterSync.Modules.Reports.GetExportStatus;

internal static class GetExportStatusEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/export/status/{id:guid}", async (Guid id, GetExportStatusHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer())
            .Slice<ExportView>("GetExportStatus", "How far an export is").RequirePermission(ReportPermissions.CreateExports);
}

internal sealed class GetExportStatusHandler(ExportJobs exports)
{
    public async Task<Outcome<ExportView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, cancellationToken) is { } job ? exports.View(job) : ReportProblems.ExportNotFound.Because("There is no such export, or it is not yours.");
}
