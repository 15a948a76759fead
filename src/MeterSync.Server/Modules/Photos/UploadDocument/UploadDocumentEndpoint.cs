using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Store;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Photos.UploadDocument;

internal static class UploadDocumentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/files/upload/document", async (HttpRequest http, UploadDocumentHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(http, cancellationToken)).ToCreated(view => view.FileUrl))
            .Accepts<FileForm>("multipart/form-data").BodyUpTo(PhotoOptions.Most)
            .Slice<FileView>("UploadDocument", "Put a document here: PDF, DOCX, XLSX, CSV or plain text", StatusCodes.Status201Created).RequirePermission(PhotoPermissions.UploadDocuments);
}

internal sealed class UploadDocumentHandler(FileDesk desk, IOptions<PhotoOptions> options)
{
    public Task<Outcome<FileView>> HandleAsync(HttpRequest http, CancellationToken cancellationToken) =>
        desk.TakeAsync(http, StoredFileKind.Document, options.Value.DocumentBytes, DocumentKinds.Of, cancellationToken);
}
