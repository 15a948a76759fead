using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;

namespace MeterSync.Modules.Meters.CreateMeter;

internal static class CreateMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters", async (MeterRequest request, CreateMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(meter => $"/api/v1/meters/{meter.Id}", meter => meter.Version))
            .Slice<MeterView>("CreateMeter", "Make a meter with its service point and registers", StatusCodes.Status201Created).RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"serial_number":"W-2041877","meter_type":"water","status":"active","priority":"medium","address":"12 Mill Lane","location_id":"north","coordinates":{"latitude":51.5072,"longitude":-0.1276},"estimated_time":10,"registers":[{"label":"total","quantity":"m3","unit":"m3","digits":5,"decimals":3,"multiplier":1}]}""");
}

internal sealed class CreateMeterHandler(MeterMaking making)
{
    public Task<Outcome<MeterView>> HandleAsync(MeterRequest request, CancellationToken cancellationToken) => making.MakeAsync(request, cancellationToken);
}
