using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;

namespace MeterSync.Modules.Sync.ListSyncQuarantine;

internal static class ListSyncQuarantineEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/quarantine", async ([AsParameters] FaultListRequest request, ListSyncQuarantineHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<FaultView>>("ListSyncQuarantine", "What could not be read or was refused, as it came").RequirePermission(SyncPermissions.Read);
}

internal sealed class ListSyncQuarantineHandler(FaultQueries faults)
{
    public async Task<Outcome<Page<FaultView>>> HandleAsync(FaultListRequest request, CancellationToken cancellationToken) => await faults.ListAsync(request.Of(SyncFaultKind.Quarantine), cancellationToken);
}
