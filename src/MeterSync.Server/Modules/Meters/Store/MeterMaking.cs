using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Makes a meter with its service point and registers. Joins the transaction there is, else makes one.</summary>
internal sealed class MeterMaking(MeterSyncDb db, MeterChanges changes, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<MeterView>> MakeAsync(MeterRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var point = new ServicePoint { Id = ids.Next<ServicePointId>(), CreatedAt = now, UpdatedAt = now };
        var meter = new Meter { Id = ids.Next<MeterId>(), ServicePointId = point.Id, CreatedAt = now, UpdatedAt = now };
        if (Describe(request, meter, point) is { } problem)
        {
            return problem;
        }

        if (await changes.RefuseRegionAsync(null, point.RegionId, cancellationToken) is { } region)
        {
            return region;
        }

        var installation = new MeterInstallation { MeterId = meter.Id, ServicePointId = point.Id, InstalledAt = request.InstalledAt ?? RegisterVersion.Always };
        var registers = request.RegistersOrMain().Select((register, index) => register.Make(ids, meter, index + 1, now)).ToList();
        db.AddRange(point, meter, installation);
        db.AddRange(registers.Select(register => register.Register));
        db.AddRange(registers.Select(register => register.Version));
        if (await changes.SaveAsync(meter, serialIsNew: true, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return MeterView.Of(meter, point, installation, null, [.. registers.Select(register => RegisterView.Of(register.Register, [register.Version]))]);
    }

    /// <summary>Why it cannot be made, whatever the database says; null where it can.</summary>
    public static Problem? Describe(MeterRequest request, Meter meter, ServicePoint point) =>
        request.WriteTo(meter, point, whole: true) ?? (request.RegistersOrMain().Any(register => register is null) ? KernelProblems.Invalid.For("registers", "A register cannot be null.") : null);
}
