using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.DeleteFile;

internal static class DeleteFileEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/files/{name}", async (string name, DeleteFileHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(name, cancellationToken)).ToAnswer("The file is deleted."))
            .Slice<FileView>("DeleteFile", "Delete a file; its bytes go unless another file or photo is the same").RequirePermission(PhotoPermissions.UploadPhotos);
}

internal sealed class DeleteFileHandler(MeterSyncDb db, WriteTransactions transactions, FileDesk desk, BlobLedger ledger)
{
    public Task<Outcome<FileView>> HandleAsync(string name, CancellationToken cancellationToken) => transactions.RunAsync<FileView>(
        async token =>
        {
            if (await desk.Visible().FirstOrDefaultAsync(one => one.Name == name, token) is not { } file)
            {
                return FileDesk.NotFound(name);
            }

            db.Remove(file);
            await db.SaveChangesAsync(token);
            await ledger.GiveUpAsync(BlobHash.Of(file.Sha256), token);
            transactions.Afterwards(() => PhotoMetrics.File("deleted"));
            return FileView.Of(file);
        },
        cancellationToken);
}
