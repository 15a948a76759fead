using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.PatchMeter;

internal static class PatchMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/meters/{id:guid}", async (Guid id, MeterRequest request, HttpRequest http, PatchMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(meter => meter.Version))
            .Slice<MeterView>("PatchMeter", "Change the fields given and leave the others").RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"status":"maintenance"}""");
}

internal sealed class PatchMeterHandler(MeterChanges changes)
{
    public Task<Outcome<MeterView>> HandleAsync(MeterId id, MeterRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        changes.ApplyAsync(id, request, whole: false, expectedVersion, cancellationToken);
}
