using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Readings.UndoReadingImport;

/// <param name="Deleted">Values taken away.</param>
/// <param name="Remeasured">Values that stay and whose use was counted again.</param>
internal sealed record ReadingImportUndoneView(Guid BatchId, int Deleted, int Remeasured, DateTimeOffset UndoneAt);

internal static class UndoReadingImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/readings/import/{id:guid}", async (Guid id, UndoReadingImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer("The import was undone."))
            .Slice<ReadingImportUndoneView>("UndoReadingImport", "Undo an import, by the id of its job or its batch, while nobody decided about its readings").RequirePermission(ReadingPermissions.Import);
}
