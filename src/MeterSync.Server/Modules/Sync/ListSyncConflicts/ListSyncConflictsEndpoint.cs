using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Store;

namespace MeterSync.Modules.Sync.ListSyncConflicts;

internal static class ListSyncConflictsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sync/conflicts", async ([AsParameters] FaultListRequest request, ListSyncConflictsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<FaultView>>("ListSyncConflicts", "The same id with other content: what came first counts").RequirePermission(SyncPermissions.Read);
}

internal sealed class ListSyncConflictsHandler(FaultQueries faults)
{
    public async Task<Outcome<Page<FaultView>>> HandleAsync(FaultListRequest request, CancellationToken cancellationToken) => await faults.ListAsync(request.Of(SyncFaultKind.Conflict), cancellationToken);
}
