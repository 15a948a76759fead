using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Modules.Meters.UndoMeterImport;

/// <param name="Deleted">Meters the import had made.</param>
/// <param name="Restored">Meters it had changed.</param>
internal sealed record MeterImportUndoneView(Guid BatchId, int Deleted, int Restored, DateTimeOffset UndoneAt);

internal static class UndoMeterImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/meters/import/{id:guid}", async (Guid id, UndoMeterImportHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, cancellationToken)).ToAnswer("The import was undone."))
            .Slice<MeterImportUndoneView>("UndoMeterImport", "Undo an import, by the id of its job or its batch, while nothing depends on it").RequirePermission(MeterPermissions.Import);
}
