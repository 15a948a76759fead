using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Finds regions as far as the caller sees them, and saves changed ones.</summary>
internal sealed class RegionChanges(MeterSyncDb db, CallerAccessor callers)
{
    public IQueryable<Region> Visible() => db.Set<Region>().VisibleTo(callers.Caller);

    /// <summary>Tracked. Refuses where there is no such region or it is not at the version expected.</summary>
    public async Task<Outcome<Region>> LoadAsync(RegionId id, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (await Visible().FirstOrDefaultAsync(region => region.Id == id, cancellationToken) is not { } found)
        {
            return RegionProblems.NotFound.Because("There is no such region.");
        }

        return expectedVersion is { } expected && expected != found.Version
            ? KernelProblems.LostUpdate.Because($"The region {found.Name} was changed since you read it: it is at version {found.Version}.")
            : found;
    }

    /// <summary>Writes a request's fields into a region; a blank name and a shape that is none are refused.</summary>
    public static Problem? Write(RegionRequest request, Region region)
    {
        if (MeterFields.Trimmed(request.Name) is not { } name)
        {
            return KernelProblems.Invalid.For("name", "A region needs a name.");
        }

        (region.Name, region.NameKey, region.Description) = (name, Region.KeyOf(name), MeterFields.Trimmed(request.Description));
        region.Status = Terms<RegionStatus>.ParseOptional(request.Status) ?? RegionStatus.Active;
        return request.WriteShapeTo(region);
    }

    /// <summary>Saves what is pending; a name that another region has is refused.</summary>
    public async Task<Problem?> SaveAsync(Region region, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(region, cancellationToken))
        {
            return Taken(region);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException && StoreFaults.IsConflict(exception))
        {
            // Another request may have taken the name between the look and the save.
            if (await IsTakenAsync(region, cancellationToken))
            {
                return Taken(region);
            }

            throw;
        }
    }

    private Task<bool> IsTakenAsync(Region region, CancellationToken cancellationToken) =>
        db.Set<Region>().AsNoTracking().AnyAsync(other => other.NameKey == region.NameKey && other.Id != region.Id, cancellationToken);

    private static Problem Taken(Region region) => RegionProblems.NameTaken.For("name", $"Another region is called {region.Name}.");
}
