using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.FieldExport;
using MeterSync.Store;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Sync.ImportFieldExport;

/// <param name="File">What the field app wrote when it was asked to export.</param>
internal sealed record FieldExportForm(byte[] File);

internal static class ImportFieldExportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sync/import", async (HttpRequest http, ImportFieldExportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToAccepted(job => $"/api/v1/sync/import/{job.Id}"))
            .Accepts<FieldExportForm>("multipart/form-data").BodyUpTo(FieldExportJob.Files.MaximumFormBytes)
            .Slice<JobView>("ImportFieldExport", "Bring in what a dead phone held, from the file it was exported to; again is safe", StatusCodes.Status202Accepted).RequirePermission(SyncPermissions.Resolve);
}

internal sealed class ImportFieldExportHandler(MeterSyncDb db, IJobQueue jobs, IRequestReader reader, DataDirectory data, IdSource ids)
{
    private const int MostOfHead = 64 * 1024;

    public async Task<Outcome<JobView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Uploads, $"{ids.Next():n}.ndjson");
        var isQueued = false;
        try
        {
            var received = await ImportUpload.ReceiveAsync(http, FieldExportJob.Files, path, cancellationToken);
            if (!received.Succeeded)
            {
                return received.Problem;
            }

            if (Refuse(path) is { } refusal)
            {
                return refusal;
            }

            var job = await jobs.EnqueueAsync(FieldExportJob.Name, JsonSerializer.SerializeToElement(received.Value.FileName, FieldExportJson.Default.String), path, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            isQueued = true;
            return job;
        }
        finally
        {
            if (!isQueued)
            {
                File.Delete(path);
            }
        }
    }

    private Problem? Refuse(string path)
    {
        using var file = File.OpenRead(path);
        return FieldExportFile.Lines(file, MostOfHead).FirstOrDefault() is { } first ? FieldExportFile.ReadHead(first, reader).Problem : SyncProblems.ExportUnreadable.Because("The file is empty, or its first line is longer than any that a phone writes.");
    }
}
