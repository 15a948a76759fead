using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Import;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.ImportMeters;

/// <summary>The form of an import.</summary>
/// <param name="File">The table, up to 64 MB.</param>
/// <param name="DryRun">Say what would happen and change nothing.</param>
/// <param name="Partial">Import the good rows even where others have problems.</param>
/// <param name="Encoding">For example windows-1251; found out where left out.</param>
/// <param name="Delimiter">One of , ; | tab; found out where left out.</param>
/// <param name="DecimalSign">point or comma; found out where left out.</param>
/// <param name="DateOrder">day_first or month_first; found out where left out.</param>
/// <param name="TimeZone">IANA zone of times without an offset; UTC where left out.</param>
internal sealed record MeterImportForm(byte[] File, bool? DryRun, bool? Partial, string? Encoding, string? Delimiter, string? DecimalSign, string? DateOrder, string? TimeZone);

internal static class ImportMetersEndpoint
{
    private const long FormBytes = ImportUpload.MaximumBytes + (1024 * 1024);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters/import", async (HttpRequest http, ImportMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToAccepted(job => $"/api/v1/meters/import/{job.Id}"))
            .Accepts<MeterImportForm>("multipart/form-data").BodyUpTo(FormBytes)
            .Slice<JobView>("ImportMeters", "Import a list of meters from a text table; answers with a job", StatusCodes.Status202Accepted).RequirePermission(MeterPermissions.Import);
}

internal sealed class ImportMetersHandler(IJobQueue jobs, DataDirectory data, IdSource ids)
{
    public async Task<Outcome<JobView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Uploads, $"{ids.Next():n}.csv");
        var received = await ImportUpload.ReceiveAsync(http, path, cancellationToken);
        if (!received.Succeeded)
        {
            return received.Problem;
        }

        var queued = false;
        try
        {
            var settings = ImportFields.Read(received.Value.Fields);
            if (!settings.Succeeded)
            {
                return settings.Problem;
            }

            var input = JsonSerializer.SerializeToElement(new MeterImportInput(received.Value.FileName, settings.Value), MeterImportJson.Default.MeterImportInput);
            var job = await jobs.EnqueueAsync(MeterImportJob.JobKind, input, path, cancellationToken);
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
