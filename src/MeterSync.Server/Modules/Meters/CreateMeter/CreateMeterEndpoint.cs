using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.CreateMeter;

internal static class CreateMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters", async (MeterRequest request, CreateMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(meter => $"/api/v1/meters/{meter.Id}", meter => meter.Version))
            .Slice<MeterView>("CreateMeter", "Make a meter with its service point and registers", StatusCodes.Status201Created).RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"serial_number":"W-2041877","meter_type":"water","status":"active","priority":"medium","address":"12 Mill Lane","location_id":"north","coordinates":{"latitude":51.5072,"longitude":-0.1276},"estimated_time":10,"registers":[{"label":"total","quantity":"m3","unit":"m3","digits":5,"decimals":3,"multiplier":1}]}""");
}

internal sealed class CreateMeterHandler(MeterSyncDb db, MeterChanges changes, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<MeterView>> HandleAsync(MeterRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var point = new ServicePoint { Id = ids.Next<ServicePointId>(), CreatedAt = now, UpdatedAt = now };
        var meter = new Meter { Id = ids.Next<MeterId>(), ServicePointId = point.Id, CreatedAt = now, UpdatedAt = now };
        if (request.WriteTo(meter, point, whole: true) is { } problem)
        {
            return problem;
        }

        if (await changes.RefuseRegionAsync(null, point.RegionId, cancellationToken) is { } region)
        {
            return region;
        }

        var described = request.RegistersOrMain();
        if (described.Any(register => register is null))
        {
            return KernelProblems.Invalid.For("registers", "A register cannot be null.");
        }

        var installation = new MeterInstallation { MeterId = meter.Id, ServicePointId = point.Id, InstalledAt = request.InstalledAt ?? RegisterVersion.Always };
        var registers = described.Select((register, index) => register.Make(ids, meter, index + 1, now)).ToList();
        db.AddRange(point, meter, installation);
        db.AddRange(registers.Select(register => register.Register));
        db.AddRange(registers.Select(register => register.Version));
        if (await changes.SaveAsync(meter, serialIsNew: true, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return MeterView.Of(meter, point, installation, null, [.. registers.Select(register => RegisterView.Of(register.Register, [register.Version]))]);
    }
}
