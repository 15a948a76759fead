using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Import;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.ImportReadings;

/// <summary>The form of an import.</summary>
/// <param name="File">The table, up to 256 MB.</param>
/// <param name="DryRun">Say what would happen and change nothing.</param>
/// <param name="Partial">Import the good rows even where others have problems.</param>
/// <param name="Encoding">For example windows-1251; found out where left out.</param>
/// <param name="Delimiter">One of , ; | tab; found out where left out.</param>
/// <param name="DecimalSign">point or comma; found out where left out.</param>
/// <param name="DateOrder">day_first or month_first; found out where left out.</param>
/// <param name="TimeZone">IANA zone of times without an offset; UTC where left out.</param>
internal sealed record ReadingImportForm(byte[] File, bool? DryRun, bool? Partial, string? Encoding, string? Delimiter, string? DecimalSign, string? DateOrder, string? TimeZone);

internal static class ImportReadingsEndpoint
{
    private const long FormBytes = ReadingUpload.MaximumBytes + (1024 * 1024);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/import", async (HttpRequest http, ImportReadingsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToAccepted(job => $"/api/v1/readings/import/{job.Id}"))
            .Accepts<ReadingImportForm>("multipart/form-data").BodyUpTo(FormBytes)
            .Slice<JobView>("ImportReadings", "Import historic readings from a text table; answers with a job", StatusCodes.Status202Accepted).RequirePermission(ReadingPermissions.Import);
}

internal sealed class ImportReadingsHandler(IJobQueue jobs, DataDirectory data, IdSource ids)
{
    public async Task<Outcome<JobView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Uploads, $"{ids.Next():n}.csv");
        var queued = false;
        try
        {
            var received = await ReadingUpload.ReceiveAsync(http, path, cancellationToken);
            if (!received.Succeeded)
            {
                return received.Problem;
            }

            var settings = ReadingImportFields.Read(received.Value.Fields);
            if (!settings.Succeeded)
            {
                return settings.Problem;
            }

            var input = JsonSerializer.SerializeToElement(new ReadingImportInput(received.Value.FileName, settings.Value), ReadingImportJson.Default.ReadingImportInput);
            var job = await jobs.EnqueueAsync(ReadingImportJob.JobKind, input, path, cancellationToken);
            queued = true;
            return job;
        }
        finally
        {
            if (!queued)
            {
                File.Delete(path);
            }
        }
    }
}
