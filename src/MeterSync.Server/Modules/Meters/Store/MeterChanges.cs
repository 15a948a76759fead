using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Changes a meter and its service point as one thing: one version, one ETag.</summary>
internal sealed class MeterChanges(MeterSyncDb db, MeterViews views, MeterSaving saving, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <param name="id">The meter.</param>
    /// <param name="request">What the caller says.</param>
    /// <param name="whole">True sets fields that were not given back to their defaults.</param>
    /// <param name="expectedVersion">The version the caller has seen; null changes any.</param>
    /// <param name="cancellationToken">Stops before the change is saved.</param>
    public async Task<Outcome<MeterView>> ApplyAsync(MeterId id, MeterRequest request, bool whole, int? expectedVersion, CancellationToken cancellationToken)
    {
        var found = await (
            from candidate in db.Set<Meter>().VisibleTo(db, callers.Caller)
            where candidate.Id == id
            join place in db.Set<ServicePoint>() on candidate.ServicePointId equals (ServicePointId?)place.Id into places
            from place in places.DefaultIfEmpty()
            select new { Meter = candidate, Point = place }).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return MeterProblems.MeterNotFound.Because("There is no such meter.");
        }

        if (expectedVersion is { } expected && expected != found.Meter.Version)
        {
            return KernelProblems.LostUpdate.Because($"The meter {found.Meter.SerialNumber} was changed since you read it: it is at version {found.Meter.Version}.");
        }

        var now = clock.GetUtcNow().ToStored();
        var (meter, point, serialBefore, regionBefore) = (found.Meter, found.Point ?? (request.NamesPlace ? Place(found.Meter, now) : new ServicePoint()), found.Meter.SerialNumber, found.Point?.RegionId);
        if (request.WriteTo(meter, point, whole) is { } problem)
        {
            return problem;
        }

        if (await RefuseRegionAsync(regionBefore, point.RegionId, cancellationToken) is { } region)
        {
            return region;
        }

        if (db.ChangeTracker.HasChanges())
        {
            if (meter.ServicePointId is not null)
            {
                point.UpdatedAt = db.Entry(point).State == EntityState.Unchanged ? point.UpdatedAt : now;
            }

            meter.UpdatedAt = now; // also where only the service point changed: the version of the meter speaks for both
            if (await SaveAsync(meter, meter.SerialNumber != serialBefore, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return await views.FindAsync(id, cancellationToken) is { } view ? view : MeterProblems.MeterNotFound.Because("The meter was deleted meanwhile.");
    }

    /// <summary>Why a meter cannot come into a region: there is none, or the caller would not see it there; null where it can. A query only for a region it was not in before.</summary>
    public async Task<Problem?> RefuseRegionAsync(RegionId? before, RegionId? after, CancellationToken cancellationToken)
    {
        var own = callers.Caller.RegionsOnly;
        if (after is not { } region)
        {
            return own is null ? null : KernelProblems.Invalid.For("region_id", "You see the meters of named regions only: say in which of them this one is.");
        }

        return after == before || (own?.Contains(region) is not false && await db.Set<Region>().AnyAsync(known => known.Id == region, cancellationToken))
            ? null
            : KernelProblems.Invalid.For("region_id", $"There is no region {region.Value}.");
    }

    /// <summary>Saves what is pending; a serial number that another meter has is refused.</summary>
    public async Task<Problem?> SaveAsync(Meter meter, bool serialIsNew, CancellationToken cancellationToken)
    {
        var serialNumber = meter.SerialNumber;
        if (serialIsNew && await IsTakenAsync(serialNumber, cancellationToken))
        {
            return Taken(serialNumber);
        }

        try
        {
            await saving.SaveAsync(meter.Id, cancellationToken);
            return null;
        }
        catch (DbUpdateException exception) when (serialIsNew && db.Database.CurrentTransaction is null && exception is not DbUpdateConcurrencyException && StoreFaults.IsConflict(exception))
        {
            // Another request may have taken the number between the look and the save. In a transaction of the caller's nothing can be asked any more.
            if (await IsTakenAsync(serialNumber, cancellationToken))
            {
                return Taken(serialNumber);
            }

            throw;
        }
    }

    private Task<bool> IsTakenAsync(string serialNumber, CancellationToken cancellationToken) =>
        db.Set<Meter>().AsNoTracking().AnyAsync(meter => meter.SerialNumber == serialNumber, cancellationToken);

    private static Problem Taken(string serialNumber) => MeterProblems.SerialTaken.For("serial_number", $"Another meter has the serial number {serialNumber}.");

    private ServicePoint Place(Meter meter, DateTimeOffset now)
    {
        var point = new ServicePoint { Id = ids.Next<ServicePointId>(), CreatedAt = now, UpdatedAt = now };
        db.Add(point);
        db.Add(new MeterInstallation { MeterId = meter.Id, ServicePointId = point.Id, InstalledAt = now });
        meter.ServicePointId = point.Id;
        (meter.SegmentFrom, meter.RemovedAt) = (meter.RemovedAt is null ? meter.SegmentFrom : now, null);
        return point;
    }
}
