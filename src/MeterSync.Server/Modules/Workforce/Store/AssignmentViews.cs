using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Reads assignments as the API shows them, as far as the caller sees them.</summary>
internal sealed class AssignmentViews(MeterSyncDb db, CallerAccessor callers)
{
    public IQueryable<Assignment> Visible() => db.Set<Assignment>().AsNoTracking().VisibleTo(db, callers.Caller);

    public async Task<AssignmentView?> FindAsync(AssignmentId id, CancellationToken cancellationToken) =>
        await Visible().FirstOrDefaultAsync(work => work.Id == id, cancellationToken) is { } found ? (await OfAsync([found], cancellationToken))[0] : null;

    /// <summary>One query for any number. The agent of a cancelled assignment does not see the meter any more, only its serial number.</summary>
    public async Task<IReadOnlyList<AssignmentView>> OfAsync(IReadOnlyList<Assignment> work, CancellationToken cancellationToken)
    {
        List<MeterId> wanted = [.. work.Select(one => one.MeterId).Distinct()];
        var meters = wanted.Count == 0 ? [] : await db.MetersBy(wanted).ToDictionaryAsync(meter => meter.Id, cancellationToken);
        var agentsOwn = callers.Caller.OwnOnly is not null;
        return [.. work.Select(one => Of(one, meters.GetValueOrDefault(one.MeterId), agentsOwn && one.ReleasedAt is not null))];
    }

    private static AssignmentView Of(Assignment work, MeterFact? meter, bool withoutPlace) => new(
        work.Id.Value,
        work.MeterId.Value,
        meter?.SerialNumber ?? "",
        withoutPlace ? null : meter?.Address,
        !withoutPlace && meter is { Latitude: { } latitude, Longitude: { } longitude } ? new PlaceView(latitude, longitude) : null,
        meter?.Priority,
        work.AgentId.Value,
        work.CycleId?.Value,
        work.RouteId?.Value,
        work.Position,
        work.Status,
        work.EstimatedMinutes ?? meter?.EstimatedMinutes,
        work.DueAt,
        work.VisitsFrom,
        work.AssignedAt,
        work.StartedAt,
        work.CompletedAt,
        work.CancelledAt,
        work.CompletionNotes,
        work.ReadingId?.Value,
        work.ReReadId?.Value,
        work.MovedFromId?.Value,
        work.UpdatedAt,
        work.Version);
}
