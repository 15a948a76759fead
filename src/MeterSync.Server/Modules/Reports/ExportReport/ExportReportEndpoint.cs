using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.ExportReport;

/// <param name="ReportType">A report such as dashboard, or readings, billing, meters.</param>
/// <param name="Format">csv (default), xlsx or excel.</param>
/// <param name="StartDate">First local day; thirty days before the end where left out.</param>
/// <param name="EndDate">Last local day, included; now where left out.</param>
internal sealed record ExportReportRequest(
    [property: Required, TermOf(typeof(ExportType))] string? ReportType,
    [property: AllowedValues("csv", "xlsx", "excel", null, ErrorMessage = "The format is one of: csv, xlsx, excel.")] string? Format,
    [property: StringLength(40)] string? StartDate,
    [property: StringLength(40)] string? EndDate,
    Guid? CycleId,
    Guid? AgentId);

internal static class ExportReportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reports/export", async (ExportReportRequest request, ExportReportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAccepted(job => $"/api/v1/export/status/{job.Id}"))
            .Slice<JobView>("ExportReport", "Write a report to a file", StatusCodes.Status202Accepted).RequirePermission(ReportPermissions.CreateExports).CountedAs(RateGroup.Export)
            .BodyLike("""{"report_type":"agent_performance","format":"xlsx","start_date":"2026-03-01","end_date":"2026-03-31"}""");
}

internal sealed class ExportReportHandler(ExportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(ExportReportRequest request, CancellationToken cancellationToken)
    {
        var format = request.Format is null or "csv" ? TableFormat.Csv : TableFormat.Xlsx;
        // A billing export takes its period as from and to: the day after the last stands for its end.
        var filters = new ExportFiltersRequest(null, null, request.StartDate, request.EndDate, null, null, null, null, null, null, null, null, request.CycleId, request.AgentId);
        return desk.TakeAsync(format == TableFormat.Csv ? ExportKinds.Csv : ExportKinds.Excel, request.ReportType, filters, format, new ExportLook(), cancellationToken);
    }
}
