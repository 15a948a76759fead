using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.UpdateMeter;

internal static class UpdateMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/meters/{id:guid}", async (Guid id, MeterRequest request, HttpRequest http, UpdateMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(meter => meter.Version))
            .Slice<MeterView>("UpdateMeter", "Replace a meter's fields; those left out go back to their defaults").RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"serial_number":"W-2041877","meter_type":"water","status":"maintenance","priority":"high","address":"12 Mill Lane"}""");
}

internal sealed class UpdateMeterHandler(MeterChanges changes)
{
    public Task<Outcome<MeterView>> HandleAsync(MeterId id, MeterRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        changes.ApplyAsync(id, request, whole: true, expectedVersion, cancellationToken);
}
