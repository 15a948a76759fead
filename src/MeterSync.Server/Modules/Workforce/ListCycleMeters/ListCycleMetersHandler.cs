using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.ListCycleMeters;

internal sealed class ListCycleMetersHandler(MeterSyncDb db, CycleBook book, CycleCounts counts, AssignmentViews views, IPersonNames names, CallerAccessor callers)
{
    public async Task<Outcome<Page<CycleMeterView>>> HandleAsync(ReadCycleId id, ListCycleMetersRequest request, CancellationToken cancellationToken)
    {
        var found = await book.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        if (request.AgentId is { } asked && callers.Caller.OwnOnly is { } own && own.Value != asked)
        {
            return Paging.Numbered<CycleMeterView>([], 0, page, limit);
        }

        var isMissing = request.Outcome == ListCycleMetersRequest.Missing;
        var filter = new CycleMeterFilter(isMissing ? null : Terms<CycleOutcome>.ParseOptional(request.Outcome), isMissing, request.AgentId is { } agent ? new UserId(agent) : null);
        var total = await counts.CountAsync(found.Value, filter, cancellationToken);
        var rows = total == 0 ? [] : await counts.ListAsync(found.Value, filter, (page - 1) * limit, limit, cancellationToken);
        return Paging.Numbered(await ViewsAsync(id, rows, cancellationToken), total, page, limit);
    }

    private async Task<IReadOnlyList<CycleMeterView>> ViewsAsync(ReadCycleId cycle, IReadOnlyList<(MeterId Meter, CycleOutcome Outcome)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        List<MeterId> wanted = [.. rows.Select(row => row.Meter)];
        ReadCycleId? of = cycle;
        var meters = await db.OfMeters(null).Where(meter => wanted.Contains(meter.Id)).ToDictionaryAsync(meter => meter.Id, cancellationToken);
        var work = await views.Visible().Where(one => wanted.Contains(one.MeterId)).Having(WorkStatus.Open).ToDictionaryAsync(one => one.MeterId, cancellationToken);
        var skips = (await db.Set<Skip>().AsNoTracking().Where(skip => skip.CycleId == of && wanted.Contains(skip.MeterId)).Select(skip => new { skip.MeterId, skip.Code, skip.SkippedAt }).ToListAsync(cancellationToken)).ToLookup(skip => skip.MeterId);
        var called = await names.FindAsync([.. work.Values.Select(one => one.AgentId).Distinct()], cancellationToken);
        return [.. rows.Select(row =>
        {
            var (meter, one, skip) = (meters[row.Meter], work.GetValueOrDefault(row.Meter), skips[row.Meter].MaxBy(skip => skip.SkippedAt));
            return new CycleMeterView(
                row.Meter.Value, meter.SerialNumber, meter.Address, meter.RegionId?.Value, row.Outcome,
                one?.AgentId.Value, one is null ? null : called.GetValueOrDefault(one.AgentId), one?.Id.Value, one?.Status, skip?.Code, skip?.SkippedAt);
        })];
    }
}
