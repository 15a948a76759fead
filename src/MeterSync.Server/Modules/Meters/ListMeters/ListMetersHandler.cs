using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.ListMeters;

internal sealed class ListMetersHandler(MeterSyncDb db, MeterViews views, CallerAccessor callers)
{
    private const string DefaultSort = "-created_at";
    private const int MaximumWords = 10;

    public async Task<Outcome<Page<MeterView>>> HandleAsync(ListMetersRequest request, CancellationToken cancellationToken)
    {
        var sort = request.Sort is { Length: > 0 } asked ? asked : DefaultSort;
        var (key, descending) = (sort.TrimStart('-'), sort[0] == '-');
        var limit = request.LimitOrDefault();
        if (request.Cursor is { } cursor)
        {
            return key == "created_at"
                ? await WalkAsync(request, cursor, descending, limit, cancellationToken)
                : KernelProblems.Invalid.For("cursor", "A walk by cursor goes by created_at or -created_at. Use page with other orders.");
        }

        var page = request.PageOrDefault();
        var meters = Filtered(db.Set<Meter>().AsNoTracking(), request);
        var total = await meters.ListedFor(db, callers.Caller).Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var ids = await Sorted(await VisibleAsync(meters, cancellationToken), key, descending).Skip((page - 1) * limit).Take(limit).Select(meter => meter.Id).ToListAsync(cancellationToken);
        var items = await views.ListAsync(ids, cancellationToken);
        var next = key == "created_at" && items.Count == limit ? CursorAfter(items[^1]) : null;
        return Paging.Numbered(items, total, page, limit, next);
    }

    private async Task<Outcome<Page<MeterView>>> WalkAsync(ListMetersRequest request, string cursor, bool descending, int limit, CancellationToken cancellationToken)
    {
        var meters = db.Set<Meter>().AsQueryable();
        if (cursor.Length > 0)
        {
            if (!Cursor.TryParse(cursor, out var place))
            {
                return KernelProblems.Invalid.For("cursor", "The cursor is not one of ours.");
            }

            meters = After(place, descending);
        }

        var ids = await Sorted(await VisibleAsync(Filtered(meters.AsNoTracking(), request), cancellationToken), "created_at", descending).Take(limit + 1).Select(meter => meter.Id).ToListAsync(cancellationToken);
        var items = await views.ListAsync([.. ids.Take(limit)], cancellationToken);
        return Paging.Walked(items, limit, ids.Count > limit && items.Count > 0 ? CursorAfter(items[^1]) : null);
    }

    private async Task<IQueryable<Meter>> VisibleAsync(IQueryable<Meter> meters, CancellationToken cancellationToken) =>
        callers.Caller.RegionsOnly is { } regions && await db.AreWideAsync(regions, cancellationToken) ? meters.VisibleTo(db, callers.Caller) : meters.ListedFor(db, callers.Caller);

    private static string CursorAfter(MeterView meter) => new Cursor(meter.CreatedAt, meter.Id).ToString();

    /// <summary>A comparison of pairs, which both databases answer from the index on (created_at, id).</summary>
    private IQueryable<Meter> After(Cursor place, bool descending)
    {
        object at = db.IsSqlite ? place.At.ToUnixMicroseconds() : place.At;
        object id = db.IsSqlite ? place.Id.ToByteArray(true) : place.Id;
        return descending
            ? db.Set<Meter>().FromSql($"select * from meters where (created_at, id) < ({at}, {id})")
            : db.Set<Meter>().FromSql($"select * from meters where (created_at, id) > ({at}, {id})");
    }

    private IQueryable<Meter> Filtered(IQueryable<Meter> meters, ListMetersRequest request)
    {
        foreach (var word in Meter.SearchTextOf(request.Search).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MaximumWords))
        {
            meters = meters.Where(meter => meter.SearchText.Contains(word));
        }

        if (Terms<MeterStatus>.ParseOptional(request.Status) is { } status)
        {
            meters = meters.Where(meter => meter.Status == status);
        }

        if (Terms<MeterType>.ParseOptional(request.MeterType) is { } type)
        {
            meters = meters.Where(meter => meter.MeterType == type);
        }

        if (Terms<MeterPriority>.ParseOptional(request.Priority) is { } priority)
        {
            meters = meters.Where(meter => meter.Priority == priority);
        }

        if (MeterFields.Trimmed(request.LocationId) is { } location)
        {
            meters = meters.Where(meter => db.Set<ServicePoint>().Any(point => (ServicePointId?)point.Id == meter.ServicePointId && point.LocationId == location));
        }

        if (request.RegionId is { } asked)
        {
            var region = new RegionId(asked);
            meters = meters.Where(meter => db.Set<ServicePoint>().Any(point => (ServicePointId?)point.Id == meter.ServicePointId && point.RegionId == region));
        }

        if (request.Assigned is { } assigned)
        {
            meters = meters.Where(meter => db.Set<MeterAgent>().Any(work => work.MeterId == meter.Id && MeterAgent.Open.Contains(work.Status)) == assigned);
        }

        if (request.ReadSince?.ToStored() is { } readSince)
        {
            meters = meters.Where(meter => db.Set<MeterLastReading>().Any(last => last.MeterId == meter.Id && last.ReadingAt >= readSince));
        }

        if (request.NoReadingSince?.ToStored() is { } noReadingSince)
        {
            meters = meters.Where(meter => !db.Set<MeterLastReading>().Any(last => last.MeterId == meter.Id && last.ReadingAt >= noReadingSince));
        }

        return meters;
    }

    private IQueryable<Meter> Sorted(IQueryable<Meter> meters, string key, bool descending) => (key, descending) switch
    {
        ("serial_number", false) => meters.OrderBy(meter => meter.SerialNumber),
        ("serial_number", true) => meters.OrderByDescending(meter => meter.SerialNumber),
        ("created_at", false) => meters.OrderBy(meter => meter.CreatedAt).ThenBy(meter => meter.Id),
        ("created_at", true) => meters.OrderByDescending(meter => meter.CreatedAt).ThenByDescending(meter => meter.Id),
        ("last_reading_at", _) => SortedByLastReading(meters, descending),
        _ => SortedByAddress(meters, descending),
    };

    /// <summary>A meter never read comes before any read one, and after all of them the other way round.</summary>
    private IQueryable<Meter> SortedByLastReading(IQueryable<Meter> meters, bool descending)
    {
        var rows = from meter in meters
                   join last in db.Set<MeterLastReading>() on meter.Id equals last.MeterId into lasts
                   from last in lasts.DefaultIfEmpty()
                   select new { Meter = meter, IsRead = last != null, At = (DateTimeOffset?)last.ReadingAt };
        return descending
            ? rows.OrderByDescending(row => row.IsRead).ThenByDescending(row => row.At).ThenByDescending(row => row.Meter.SerialNumber).Select(row => row.Meter)
            : rows.OrderBy(row => row.IsRead).ThenBy(row => row.At).ThenBy(row => row.Meter.SerialNumber).Select(row => row.Meter);
    }

    private IQueryable<Meter> SortedByAddress(IQueryable<Meter> meters, bool descending)
    {
        var rows = from meter in meters
                   join point in db.Set<ServicePoint>() on meter.ServicePointId equals (ServicePointId?)point.Id into points
                   from point in points.DefaultIfEmpty()
                   select new { Meter = meter, HasAddress = point.Address != null, point.Address };
        return descending
            ? rows.OrderByDescending(row => row.HasAddress).ThenByDescending(row => row.Address).ThenByDescending(row => row.Meter.SerialNumber).Select(row => row.Meter)
            : rows.OrderBy(row => row.HasAddress).ThenBy(row => row.Address).ThenBy(row => row.Meter.SerialNumber).Select(row => row.Meter);
    }
}
