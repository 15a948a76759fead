using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Reports.Exporting;

namespace MeterSync.Modules.Reports.ExportExcel;

/// <summary>What is exported. The filters may stand here or under <paramref name="Filters"/>.</summary>
/// <param name="Type">readings, billing, meters, audit, or the name of a report such as dashboard.</param>
/// <param name="ExportType">The same by its longer name.</param>
/// <param name="From">Inclusive; a local date or an instant.</param>
/// <param name="To">Exclusive; a local date or an instant.</param>
/// <param name="StartDate">As <paramref name="From"/>.</param>
/// <param name="EndDate">Last day, included.</param>
/// <param name="State">Of readings or of billing rows.</param>
/// <param name="Status">Of meters.</param>
/// <param name="BillingRunId">Export this frozen run rather than a period as it is now.</param>
/// <param name="Adjustment">0 for the frozen lines alone, a number for that adjustment alone, null for all.</param>
/// <param name="Photos">Show the first photo of each reading in its row.</param>
internal sealed record ExportExcelRequest(
    [property: TermOf(typeof(ExportType))] string? Type,
    [property: TermOf(typeof(ExportType))] string? ExportType,
    ExportFiltersRequest? Filters,
    [property: StringLength(40)] string? From,
    [property: StringLength(40)] string? To,
    [property: StringLength(40)] string? StartDate,
    [property: StringLength(40)] string? EndDate,
    Guid? MeterId,
    [property: StringLength(20)] string? State,
    [property: TermOf(typeof(ReadingSource))] string? Source,
    [property: TermOf(typeof(MeterStatus))] string? Status,
    [property: TermOf(typeof(MeterType))] string? MeterType,
    [property: StringLength(100), PlainWords] string? LocationId,
    Guid? BillingRunId,
    [property: Range(0, int.MaxValue)] int? Adjustment,
    Guid? CycleId,
    Guid? AgentId,
    bool Photos = false)
{
    /// <summary>Filters of either place; those under <see cref="Filters"/> count first.</summary>
    public ExportFiltersRequest AllFilters()
    {
        var here = new ExportFiltersRequest(From, To, StartDate, EndDate, MeterId, State, Source, Status, MeterType, LocationId, BillingRunId, Adjustment, CycleId, AgentId);
        return Filters?.Over(here) ?? here;
    }
}

internal static class ExportExcelEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/export/excel", async (ExportExcelRequest request, ExportExcelHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAccepted(job => $"/api/v1/export/status/{job.Id}"))
            .Slice<JobView>("ExportExcel", "Write readings, billing rows, meters, the audit log or a report to an .xlsx workbook", StatusCodes.Status202Accepted).RequirePermission(ReportPermissions.CreateExports).CountedAs(RateGroup.Export)
            .BodyLike("""{"type":"readings","filters":{"from":"2026-03-01","to":"2026-04-01","state":"accepted"}}""");
}

internal sealed class ExportExcelHandler(ExportDesk desk)
{
    public Task<Outcome<JobView>> HandleAsync(ExportExcelRequest request, CancellationToken cancellationToken) =>
        desk.TakeAsync(ExportKinds.Excel, request.Type ?? request.ExportType, request.AllFilters(), TableFormat.Xlsx, new ExportLook(Photos: request.Photos), cancellationToken);
}
