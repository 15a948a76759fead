using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.DeleteMeter;

internal static class DeleteMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/meters/{id:guid}", async (Guid id, HttpRequest http, DeleteMeterHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new MeterId(id), EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer("The meter was deleted."))
            .Slice<Done>("DeleteMeter", "Delete a meter that has no readings").RequirePermission(MeterPermissions.Delete);
}

internal sealed class DeleteMeterHandler(MeterSyncDb db, CallerAccessor callers)
{
    public async Task<Outcome<Done>> HandleAsync(MeterId id, int? expectedVersion, CancellationToken cancellationToken)
    {
        var found = await (
            from meter in db.Set<Meter>().VisibleTo(db, callers.Caller)
            where meter.Id == id
            join point in db.Set<ServicePoint>() on meter.ServicePointId equals (ServicePointId?)point.Id into points
            from point in points.DefaultIfEmpty()
            select new
            {
                Meter = meter,
                Point = point,
                IsAssigned = db.Set<MeterAgent>().Any(work => work.MeterId == id && MeterAgent.Open.Contains(work.Status)),
                HasLast = db.Set<MeterLastReading>().Any(last => last.MeterId == id),
                PointStays = db.Set<MeterInstallation>().Any(other => (ServicePointId?)other.ServicePointId == meter.ServicePointId && other.MeterId != id),
            }).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return MeterProblems.MeterNotFound.Because("There is no such meter.");
        }

        if (expectedVersion is { } expected && expected != found.Meter.Version)
        {
            return KernelProblems.LostUpdate.Because($"The meter {found.Meter.SerialNumber} was changed since you read it: it is at version {found.Meter.Version}.");
        }

        if (found.IsAssigned)
        {
            return MeterProblems.Assigned.Because($"The meter {found.Meter.SerialNumber} is assigned to be read. Cancel the assignment first.");
        }

        if (found.HasLast)
        {
            return HasReadings(found.Meter);
        }

        var installations = await db.Set<MeterInstallation>().Where(installation => installation.MeterId == id).ToListAsync(cancellationToken);
        var registers = await (
            from register in db.Set<Register>()
            where register.MeterId == id
            join version in db.Set<RegisterVersion>() on register.Id equals version.RegisterId
            select new { Register = register, Version = version }).ToListAsync(cancellationToken);
        db.RemoveRange(registers.Select(row => row.Version));
        db.RemoveRange(registers.Select(row => row.Register).Distinct());
        db.RemoveRange(installations);
        db.Remove(found.Meter);
        if (found is { Point: { } place, PointStays: false })
        {
            db.Remove(place);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return Done.It;
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException && StoreFaults.IsConflict(exception))
        {
            // Held and rejected readings leave no last reading, but the foreign keys know them.
            return HasReadings(found.Meter);
        }
    }

    private static Problem HasReadings(Meter meter) => MeterProblems.HasReadings.Because($"The meter {meter.SerialNumber} has readings or was worked on. Set its status to inactive instead.");
}
