using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Protocol;
using MeterSync.Modules.Uploads.Transfer;

namespace MeterSync.Modules.Uploads.AppendUpload;

internal static class AppendUploadEndpoint
{
    /// <summary>Only a guard: no upload is longer than it was allowed to be when it began.</summary>
    private const long MostBytes = 4L * 1024 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/uploads/{id:guid}", async (Guid id, HttpContext http, AppendUploadHandler handler) =>
            {
                var moved = await handler.HandleAsync(new UploadId(id), http.Request);
                if (moved.Succeeded)
                {
                    http.Response.Tell(moved.Value);
                }

                return moved.Succeeded ? Results.NoContent() : new Answer<Done>(moved.Problem);
            })
            .WithName("AppendUpload").WithSummary("The next bytes of an upload (tus 1.0: PATCH, application/offset+octet-stream)").Produces(StatusCodes.Status204NoContent)
            .RequirePermission(UploadPermissions.Write).BodyUpTo(MostBytes);
}

internal sealed class AppendUploadHandler(UploadDesk desk, ReceiveBytes receive)
{
    /// <summary>Without cancellation: also of a connection that is gone already the bytes are kept.</summary>
    public async Task<Outcome<Upload>> HandleAsync(UploadId id, HttpRequest request)
    {
        var known = await desk.LookAsync(id, CancellationToken.None);
        if (!known.Succeeded)
        {
            return known.Problem;
        }

        if (!TusRules.HasBytes(request))
        {
            return KernelProblems.UnsupportedMediaType.Because($"Send the bytes with Content-Type: {TusHeaders.Bytes}.");
        }

        var offset = TusRules.ReadCount(request.Headers, TusHeaders.UploadOffset);
        if (!offset.Succeeded)
        {
            return offset.Problem;
        }

        var piece = PieceHeaders.Read(request, offset.Value);
        if (!piece.Succeeded)
        {
            return piece.Problem;
        }

        var held = await desk.HoldAsync(known.Value, CancellationToken.None);
        if (!held.Succeeded)
        {
            return held.Problem;
        }

        using (held.Value)
        {
            var problem = await receive.TakeAsync(held.Value, piece.Value) ?? await desk.EndAsync(held.Value.Upload);
            return problem is null ? held.Value.Upload : problem;
        }
    }
}
