using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Partial;
using MeterSync.Modules.Uploads.Store;
using MeterSync.Modules.Uploads.Transfer;

namespace MeterSync.Modules.Uploads.DeleteUpload;

internal static class DeleteUploadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/uploads/{id:guid}", async (Guid id, DeleteUploadHandler handler, CancellationToken cancellationToken) =>
                await handler.HandleAsync(new UploadId(id), cancellationToken) is { Succeeded: false, Problem: { } problem } ? new Answer<Done>(problem) : Results.NoContent())
            .WithName("DeleteUpload").WithSummary("Give an upload up and throw its bytes away (tus 1.0); of a finished one only the upload goes, not what became of it").Produces(StatusCodes.Status204NoContent)
            .RequirePermission(UploadPermissions.Write);
}

internal sealed class DeleteUploadHandler(UploadDesk desk, UploadBook book, IPartialStore store, RunningHashes hashes)
{
    public async Task<Outcome<Done>> HandleAsync(UploadId id, CancellationToken cancellationToken)
    {
        var held = await desk.HoldAsync(id, cancellationToken);
        if (!held.Succeeded)
        {
            return held.Problem;
        }

        using (held.Value)
        {
            await book.DeleteAsync(id);
            await store.DeleteAsync(id, CancellationToken.None);
            hashes.Forget(id);
        }

        if (held.Value.Upload.Status == UploadStatus.Open)
        {
            UploadMetrics.Upload("deleted");
        }

        return Done.It;
    }
}
