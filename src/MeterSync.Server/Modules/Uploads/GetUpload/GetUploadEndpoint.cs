using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Protocol;
using MeterSync.Modules.Uploads.Transfer;

namespace MeterSync.Modules.Uploads.GetUpload;

/// <summary>HEAD is tus's question where to go on. It takes the upload over from a request whose connection may be dead, so that the answer stands; GET only looks.</summary>
internal static class GetUploadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/uploads/{id:guid}", async (Guid id, HttpContext http, GetUploadHandler handler, CancellationToken cancellationToken) =>
            {
                var found = await handler.HandleAsync(new UploadId(id), HeadRequest.Is(http), cancellationToken);
                if (found.Succeeded)
                {
                    http.Response.Tell(found.Value);
                    http.Response.Headers[TusHeaders.UploadLength] = found.Value.Length.ToString(CultureInfo.InvariantCulture);
                    http.Response.Headers[TusHeaders.UploadMetadata] = found.Value.Metadata;
                }

                return new Answer<UploadView>(found.Succeeded ? UploadView.Of(found.Value) : found.Problem);
            })
            .Slice<UploadView>("GetUpload", "How far an upload is (tus 1.0: HEAD)").RequirePermission(UploadPermissions.Write);
}

/// <param name="Offset">Bytes that are stored.</param>
/// <param name="Status">open or finished.</param>
/// <param name="ExpiresAt">Until then the next byte has to arrive.</param>
internal sealed record UploadView(Guid Id, string Purpose, Guid? SubjectId, long Length, long Offset, UploadStatus Status, string? FileName, string? ContentType, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? FinishedAt)
{
    public static UploadView Of(Upload upload) =>
        new(upload.Id.Value, upload.Purpose, upload.SubjectId, upload.Length, upload.ReceivedBytes, upload.Status, upload.FileName, upload.ContentType, upload.CreatedAt, upload.ExpiresAt, upload.FinishedAt);
}

internal sealed class GetUploadHandler(UploadDesk desk)
{
    public async Task<Outcome<Upload>> HandleAsync(UploadId id, bool toGoOn, CancellationToken cancellationToken)
    {
        if (!toGoOn)
        {
            return await desk.LookAsync(id, cancellationToken);
        }

        var held = await desk.HoldAsync(id, cancellationToken);
        if (!held.Succeeded)
        {
            return held.Problem;
        }

        using (held.Value)
        {
            return await desk.EndAsync(held.Value.Upload) is { } problem ? problem : held.Value.Upload;
        }
    }
}
