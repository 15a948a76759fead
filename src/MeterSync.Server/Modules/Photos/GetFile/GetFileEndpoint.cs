using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.GetFile;

internal static class GetFileEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/files/{name}", async (string name, HttpContext http, GetFileHandler handler, CancellationToken cancellationToken) =>
            {
                var found = await handler.HandleAsync(name, cancellationToken);
                return found.Succeeded ? found.Value.Content.ToResult(http, found.Value.IsDocument) : new Answer<FoundFile>(found.Problem);
            })
            .WithName("GetFile").WithSummary("The bytes of a file; byte ranges are honoured")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream")
            .RequirePermission(PhotoPermissions.ReadFiles);
}

/// <param name="IsDocument">Saved by browsers, never shown by them: it may hold anything.</param>
internal sealed record FoundFile(BlobContent Content, bool IsDocument);

internal sealed class GetFileHandler(FileDesk desk, IBlobStore store)
{
    public async Task<Outcome<FoundFile>> HandleAsync(string name, CancellationToken cancellationToken)
    {
        if (await desk.Visible().AsNoTracking().FirstOrDefaultAsync(one => one.Name == name, cancellationToken) is not { } file)
        {
            return FileDesk.NotFound(name);
        }

        var hash = BlobHash.Of(file.Sha256);
        return await store.OpenAsync(hash, cancellationToken) is { } stream
            ? new FoundFile(new BlobContent(stream, file.ContentType, file.FileName, hash), file.Kind == StoredFileKind.Document)
            : throw new BlobStoreException("Bytes of a file are not in the storage.", new FileNotFoundException(hash.Hex));
    }
}
