using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.AddRegister;

internal static class AddRegisterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters/{id:guid}/registers", async (Guid id, RegisterRequest request, HttpRequest http, AddRegisterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToCreated(register => $"/api/v1/meters/{id}/registers", register => register.MeterVersion))
            .Slice<RegisterView>("AddRegister", "Add a register to a meter", StatusCodes.Status201Created).RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"label":"T2","quantity":"kwh","unit":"kWh","digits":6,"decimals":1,"multiplier":40,"obis_code":"1.8.2"}""");
}

internal sealed class AddRegisterHandler(MeterSyncDb db, RegisterChanges changes, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<RegisterView>> HandleAsync(MeterId id, RegisterRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (request.EffectiveFrom is not null)
        {
            return KernelProblems.Invalid.For("effective_from", "A new register's configuration holds from the beginning. Leave effective_from out; change the register to add a dated configuration.");
        }

        var loaded = await changes.LoadAsync(id, expectedVersion, cancellationToken);
        if (!loaded.Succeeded)
        {
            return loaded.Problem;
        }

        var (meter, registers) = (loaded.Value.Meter, loaded.Value.Registers);
        if (registers.Count >= RegisterLimits.MaximumRegisters)
        {
            return MeterProblems.TooManyRegisters.Because($"The meter {meter.SerialNumber} has {registers.Count} registers; no more fit.");
        }

        var ordinal = registers.Count == 0 ? 1 : registers[^1].Register.Ordinal + 1;
        var (register, version) = request.Make(ids, meter, ordinal, clock.GetUtcNow().ToStored());
        db.AddRange(register, version);
        await changes.SaveAsync(meter, cancellationToken);
        return RegisterView.Of(register, [version]) with { MeterVersion = meter.Version };
    }
}
