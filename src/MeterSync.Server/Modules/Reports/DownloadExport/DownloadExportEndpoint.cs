using MeterSync.Kernel;
using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.Store;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Modules.Reports.DownloadExport;

internal static class DownloadExportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/export/download/{id:guid}", async (Guid id, HttpRequest request, DownloadExportHandler handler, CancellationToken cancellationToken) =>
            {
                // A download that is resumed by byte must be the same bytes each time, so it is never compressed on the way.
                request.Headers.AcceptEncoding = default;
                var found = await handler.HandleAsync(id, cancellationToken);
                return found.Succeeded ? found.Value.ToResult() : new Answer<ExportFile>(found.Problem);
            })
            .WithName("DownloadExport").WithSummary("The file of an export; byte ranges are honoured").Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType).Produces(StatusCodes.Status206PartialContent, contentType: "text/csv", additionalContentTypes: SheetWriter.ContentType)
            .RequirePermission(ReportPermissions.CreateExports);
}

/// <param name="Path">Where it is.</param>
/// <param name="Name">What to offer it as.</param>
internal sealed record ExportFile(Guid Id, string Path, string Name, string ContentType)
{
    public IResult ToResult() =>
        Results.File(Path, ContentType, Name, File.GetLastWriteTimeUtc(Path), new EntityTagHeaderValue($"\"{Id:n}\""), enableRangeProcessing: true);
}

internal sealed class DownloadExportHandler(ExportJobs exports, DataDirectory data)
{
    public async Task<Outcome<ExportFile>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        var job = await exports.FindAsync(id, cancellationToken);
        if (job is null)
        {
            return ReportProblems.ExportNotFound.Because("There is no such export, or it is not yours.");
        }

        switch (job.Status)
        {
            case JobStatus.Queued or JobStatus.Running:
                return ReportProblems.ExportNotReady.Because("The export is still being written.") with { RetryAfterSeconds = 2 };
            case not JobStatus.Completed:
                return ReportProblems.ExportFailed.Because($"The export has no file: {job.Message}");
        }

        var path = JobQueue.OutputPath(data, job.Id);
        return !exports.IsExpired(job) && job is { OutputName: { } name, OutputContentType: { } type } && File.Exists(path)
            ? new ExportFile(id, path, name, type)
            : ReportProblems.ExportGone.Because("The file is no longer kept. Export again.");
    }
}
