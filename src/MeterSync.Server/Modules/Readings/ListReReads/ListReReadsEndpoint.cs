using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.ListReReads;

internal sealed record ListReReadsRequest : IPageRequest
{
    /// <summary>open or done; both where left out.</summary>
    [AllowedValues(ReReadView.Open, ReReadView.Done, null, ErrorMessage = "The status is one of: open, done.")]
    public string? Status { get; init; }

    [FromQuery(Name = "meter_id")]
    public Guid? MeterId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

internal static class ListReReadsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/re-reads", async ([AsParameters] ListReReadsRequest request, ListReReadsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer())
            .Slice<Page<ReReadView>>("ListReReads", "Meters to be read again, the newest request first").RequirePermission(ReadingPermissions.Read);
}

internal sealed class ListReReadsHandler(MeterSyncDb db, IMeterRegistry meters, CallerAccessor callers)
{
    public async Task<Outcome<Page<ReReadView>>> HandleAsync(ListReReadsRequest request, CancellationToken cancellationToken)
    {
        var (page, limit) = (request.PageOrDefault(), request.LimitOrDefault());
        var wanted = Visible(db.Set<ReRead>().AsNoTracking());
        if (request.MeterId is { } asked)
        {
            var meter = new MeterId(asked);
            wanted = wanted.Where(reRead => reRead.MeterId == meter);
        }

        // The last value of a meter that was taken away is the last there will be, also where the exchange was on record later than it was made.
        var rows = wanted.Select(reRead => new
        {
            ReRead = reRead,
            Answer = (ReadingId?)db.Set<Reading>().Where(later => later.MeterId == reRead.MeterId && later.State != ReadingState.Rejected && later.Source != ReadingSource.Estimate
                && (later.ReadingAt > reRead.RequestedAt || db.Set<MeterExchange>().Any(exchange => exchange.RemovalReadingId == later.Id && exchange.UndoneAt == null && exchange.RecordedAt > reRead.RequestedAt)))
                .OrderBy(later => later.ReadingAt).ThenBy(later => later.Id).Select(later => later.Id).FirstOrDefault(),
            IsDone = db.Set<Reading>().Any(later => later.MeterId == reRead.MeterId && later.State != ReadingState.Rejected && later.Source != ReadingSource.Estimate
                && (later.ReadingAt > reRead.RequestedAt || db.Set<MeterExchange>().Any(exchange => exchange.RemovalReadingId == later.Id && exchange.UndoneAt == null && exchange.RecordedAt > reRead.RequestedAt))),
        });
        if (request.Status is { } status)
        {
            var isDone = status == ReReadView.Done;
            rows = rows.Where(row => row.IsDone == isDone);
        }

        var total = await rows.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var found = await rows.OrderByDescending(row => row.ReRead.RequestedAt).ThenBy(row => row.ReRead.Id).Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        var serials = await meters.SerialNumbersAsync([.. found.Select(row => row.ReRead.MeterId).Distinct()], cancellationToken);
        return Paging.Numbered([.. found.Select(row => ReReadView.Of(row.ReRead, serials.GetValueOrDefault(row.ReRead.MeterId, ""), row.IsDone ? row.Answer : null))], total, page, limit);
    }

    /// <summary>Agents see what is asked of their own readings.</summary>
    private IQueryable<ReRead> Visible(IQueryable<ReRead> all)
    {
        if (callers.Caller.OwnOnly is { } own)
        {
            return all.Where(reRead => db.Set<Reading>().Any(reading => reading.Id == reRead.ReadingId && reading.AgentId == own));
        }

        return callers.Caller.RegionsOnly is { } regions ? all.Where(reRead => db.MetersFrom(regions).Contains(reRead.MeterId)) : all;
    }
}
