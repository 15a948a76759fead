using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <summary>Reads meters as the API shows them, as far as the caller sees them.</summary>
internal sealed class MeterViews(MeterSyncDb db, CallerAccessor callers)
{
    /// <summary>With registers. Two queries. Null where there is no such meter.</summary>
    public async Task<MeterView?> FindAsync(MeterId id, CancellationToken cancellationToken) =>
        await LoadAsync(db.Set<Meter>().Where(meter => meter.Id == id), cancellationToken) is [var found]
            ? found with { Registers = await RegistersAsync(id, cancellationToken) }
            : null;

    /// <summary>Without registers, in the order of the ids. One query.</summary>
    public async Task<IReadOnlyList<MeterView>> ListAsync(IReadOnlyList<MeterId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var found = (await LoadAsync(db.Set<Meter>().Where(meter => ids.Contains(meter.Id)), cancellationToken)).ToDictionary(meter => meter.Id);
        // One that was deleted between the two queries is left out.
        return [.. ids.Select(id => found.GetValueOrDefault(id.Value)).OfType<MeterView>()];
    }

    /// <summary>By ordinal. One query.</summary>
    public async Task<IReadOnlyList<RegisterView>> RegistersAsync(MeterId id, CancellationToken cancellationToken)
    {
        var rows = await (
            from register in db.Set<Register>().AsNoTracking()
            where register.MeterId == id
            join version in db.Set<RegisterVersion>().AsNoTracking() on register.Id equals version.RegisterId
            orderby register.Ordinal, version.EffectiveFrom
            select new { Register = register, Version = version }).ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => row.Register.Id).Select(group => RegisterView.Of(group.First().Register, [.. group.Select(row => row.Version)]))];
    }

    private async Task<IReadOnlyList<MeterView>> LoadAsync(IQueryable<Meter> meters, CancellationToken cancellationToken)
    {
        var rows = await (
            from meter in meters.AsNoTracking().VisibleTo(db, callers.Caller)
            join point in db.Set<ServicePoint>().AsNoTracking() on meter.ServicePointId equals (ServicePointId?)point.Id into points
            from point in points.DefaultIfEmpty()
            join installation in db.Set<MeterInstallation>().AsNoTracking().Where(installation => installation.RemovedAt == null) on meter.Id equals installation.MeterId into installations
            from installation in installations.DefaultIfEmpty()
            join last in db.Set<MeterLastReading>().AsNoTracking() on meter.Id equals last.MeterId into lasts
            from last in lasts.DefaultIfEmpty()
            select new { Meter = meter, Point = point, Installation = installation, Last = last }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => MeterView.Of(row.Meter, row.Point, row.Installation, row.Last))];
    }
}
