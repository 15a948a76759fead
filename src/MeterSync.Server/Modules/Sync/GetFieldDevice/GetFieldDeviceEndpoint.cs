using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Store;

namespace MeterSync.Modules.Sync.GetFieldDevice;

internal static class GetFieldDeviceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/field-devices/{id:guid}", async (Guid id, GetFieldDeviceHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new FieldDeviceId(id), cancellationToken)).ToAnswer())
            .Slice<FieldDeviceView>("GetFieldDevice", "One phone").RequirePermission(SyncPermissions.Read);
}

internal sealed class GetFieldDeviceHandler(FieldDeviceViews views)
{
    public async Task<Outcome<FieldDeviceView>> HandleAsync(FieldDeviceId id, CancellationToken cancellationToken) =>
        await views.FindAsync(id, cancellationToken) is { } found ? found : FieldDeviceProblems.NotFound.Because($"There is no phone {id.Value}.");
}
