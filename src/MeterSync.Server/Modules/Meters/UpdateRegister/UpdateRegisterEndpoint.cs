using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Meters.UpdateRegister;

internal static class UpdateRegisterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/meters/{id:guid}/registers/{register_id:guid}", async (Guid id, [FromRoute(Name = "register_id")] Guid registerId, RegisterRequest request, HttpRequest http, UpdateRegisterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), new RegisterId(registerId), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(register => register.MeterVersion))
            .Slice<RegisterView>("UpdateRegister", "Change a register: from an instant on with effective_from, else by correcting its last configuration; fields left out stay").RequirePermission(MeterPermissions.Write)
            .BodyLike("""{"multiplier":60,"effective_from":"2026-04-01T00:00:00Z"}""");
}

internal sealed class UpdateRegisterHandler(MeterSyncDb db, RegisterChanges changes)
{
    public async Task<Outcome<RegisterView>> HandleAsync(MeterId id, RegisterId registerId, RegisterRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        var loaded = await changes.LoadAsync(id, expectedVersion, cancellationToken);
        if (!loaded.Succeeded)
        {
            return loaded.Problem;
        }

        var meter = loaded.Value.Meter;
        var (register, versions) = loaded.Value.Registers.FirstOrDefault(candidate => candidate.Register.Id == registerId);
        if (register is null)
        {
            return MeterProblems.RegisterNotFound.Because($"The meter {meter.SerialNumber} has no such register.");
        }

        var last = versions[^1];
        if (request.EffectiveFrom is { } from && from != last.EffectiveFrom)
        {
            if (from < last.EffectiveFrom)
            {
                return MeterProblems.VersionTooEarly.For("effective_from", $"The last configuration of the register {register.Label} begins at {last.EffectiveFrom:yyyy-MM-dd'T'HH:mm:ss'Z'}; a new one cannot begin before it.");
            }

            last = new RegisterVersion
            {
                RegisterId = register.Id,
                EffectiveFrom = from,
                Unit = last.Unit,
                Digits = last.Digits,
                Decimals = last.Decimals,
                Multiplier = last.Multiplier,
                MaximumUsePerDay = last.MaximumUsePerDay,
            };
            versions.Add(last);
            db.Add(last);
        }

        request.WriteTo(register, last, meter.MeterType);
        await changes.SaveAsync(meter, cancellationToken);
        return RegisterView.Of(register, versions) with { MeterVersion = meter.Version };
    }
}
