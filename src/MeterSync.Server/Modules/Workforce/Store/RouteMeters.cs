using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>The meters that stand at a route's stops now.</summary>
internal sealed class RouteMeters(MeterSyncDb db, CallerAccessor callers)
{
    /// <summary>Active ones without open work, in the order of the stops.</summary>
    public async Task<IReadOnlyList<MeterId>> WaitingAsync(RouteId route, CancellationToken cancellationToken) => await (
        from stop in db.Set<RouteStop>()
        where stop.RouteId == route
        join meter in db.OfMeters(callers.Caller) on (ServicePointId?)stop.ServicePointId equals meter.ServicePointId
        where meter.Status == MeterStatus.Active
        where !db.Set<Assignment>().Any(work => work.MeterId == meter.Id && (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue))
        orderby stop.Position, meter.SerialNumber
        select meter.Id).ToListAsync(cancellationToken);
}
