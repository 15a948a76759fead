using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Finds cycles as far as the caller sees them, and settles which meters are in them.</summary>
internal sealed class CycleBook(MeterSyncDb db, BulkStore bulk, CallerAccessor callers)
{
    private const int NamedMeters = 5;

    /// <summary>Tracked.</summary>
    public async Task<Outcome<ReadCycle>> FindAsync(ReadCycleId id, CancellationToken cancellationToken) =>
        await db.Set<ReadCycle>().VisibleTo(db, callers.Caller).FirstOrDefaultAsync(cycle => cycle.Id == id, cancellationToken) is { } found ? found : WorkforceProblems.CycleNotFound.Because("There is no such read cycle.");

    /// <summary>As <see cref="FindAsync"/>, locked until the transaction ends.</summary>
    public async Task<Outcome<ReadCycle>> LockAsync(ReadCycleId id, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // No key update: rows that only name the cycle do not wait.
            await db.Database.ExecuteSqlAsync($"select 1 from read_cycles where id = {id.Value} for no key update", cancellationToken);
        }

        return await FindAsync(id, cancellationToken);
    }

    /// <summary>Locks all open cycles until the transaction ends.</summary>
    public async Task LockOpenAsync(CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlRawAsync("select 1 from read_cycles where status = 'open' order by id for no key update", cancellationToken);
        }
    }

    /// <summary>Writes the meters of a cycle that opens. Inside a transaction.</summary>
    /// <returns>The meters; a problem where there are none, or another open cycle has some of them.</returns>
    public async Task<Outcome<IReadOnlyList<MeterId>>> FillAsync(ReadCycle cycle, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // Two cycles that open at once must see each other's meters; SQLite has one writer anyway.
            await db.Database.ExecuteSqlRawAsync("lock table cycle_meters in share row exclusive mode", cancellationToken);
        }

        var wanted = MetersOf(cycle);
        var others = db.Set<CycleMeter>().Where(due => due.SuccessorId == null && db.Set<ReadCycle>().Any(other => other.Id == due.CycleId && other.Status == CycleStatus.Open && other.WindowFrom < cycle.WindowTo && other.WindowTo > cycle.WindowFrom));
        var taken = await wanted.Where(meter => others.Any(due => due.MeterId == meter.Id)).OrderBy(meter => meter.SerialNumber).Select(meter => meter.SerialNumber).Take(NamedMeters + 1).ToListAsync(cancellationToken);
        if (taken.Count > 0)
        {
            return WorkforceProblems.CycleOverlaps.Because($"In another open cycle of that time already: {string.Join(", ", taken.Take(NamedMeters))}{(taken.Count > NamedMeters ? " and more" : "")}.");
        }

        var meters = await wanted.OrderBy(meter => meter.Id).Select(meter => meter.Id).ToListAsync(cancellationToken);
        if (meters.Count == 0)
        {
            return WorkforceProblems.CycleEmpty.Because("No active, installed meter fits the cycle's type, region and location.");
        }

        await bulk.InsertAsync(meters.Select(meter => new CycleMeter { CycleId = cycle.Id, MeterId = meter }), cancellationToken);
        cycle.MeterCount = meters.Count;
        return meters;
    }

    private IQueryable<MeterFact> MetersOf(ReadCycle cycle)
    {
        var meters = db.OfMeters(callers.Caller).Where(meter => meter.Status == MeterStatus.Active && meter.ServicePointId != null);
        if (cycle.MeterType is { } type)
        {
            meters = meters.Where(meter => meter.Type == type);
        }

        if (cycle.RegionId is { } region)
        {
            meters = meters.Where(meter => meter.RegionId == region);
        }

        if (cycle.LocationId is { } location)
        {
            meters = meters.Where(meter => meter.LocationId == location);
        }

        return meters;
    }
}
