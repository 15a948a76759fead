using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>What part of the readings is wanted. Null means any.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
internal sealed record ReadingFilter(MeterId? MeterId, UserId? AgentId, bool? Verified, ReadingState? State, ReadingSource? Source, DateTimeOffset? From, DateTimeOffset? To)
{
    public bool IsEverything => this is { MeterId: null, AgentId: null, Verified: null, State: null, Source: null, From: null, To: null };
}

/// <param name="Oldest">Oldest first instead of newest first.</param>
/// <param name="Page">1-based; unused with a cursor.</param>
/// <param name="Cursor">Where to go on; with <paramref name="Walk"/> and null at the beginning.</param>
/// <param name="Walk">By cursor, without a total.</param>
internal sealed record ReadingPage(bool Oldest, int Page, int Limit, Cursor? Cursor, bool Walk);

/// <summary>Pages of readings with their values: one query for the page, one for the total where it is not known from the page itself.</summary>
internal sealed class ReadingList(MeterSyncDb db, CallerAccessor callers, CappedTotals totals)
{
    public async Task<Page<ReadingWithValues>> LoadAsync(ReadingFilter filter, ReadingPage page, CancellationToken cancellationToken)
    {
        var visible = callers.Caller.OwnOnly is { } own ? filter with { AgentId = filter.AgentId is { } asked && asked != own ? new UserId(Guid.Empty) : own } : filter;
        var found = await PageAsync(Filtered(page.Cursor is { } cursor ? After(cursor, page.Oldest) : db.Set<Reading>(), visible), page, cancellationToken);
        var more = found.Count > page.Limit;
        if (more)
        {
            found.RemoveAt(found.Count - 1);
        }

        var next = more ? new Cursor(found[^1].Reading.ReadingAt, found[^1].Reading.Id.Value).ToString() : null;
        if (page.Walk)
        {
            return Paging.Walked(found, page.Limit, next);
        }

        var before = (page.Page - 1) * page.Limit;
        var total = !more && (found.Count > 0 || before == 0) ? before + found.Count : await CountAsync(visible, cancellationToken);
        return Paging.Numbered(found, total, page.Page, page.Limit, next);
    }

    private async Task<int> CountAsync(ReadingFilter filter, CancellationToken cancellationToken)
    {
        if (filter.IsEverything && totals.IsCapped)
        {
            return PageRules.CountCap + 1;
        }

        var total = await Filtered(db.Set<Reading>(), filter).Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        if (filter.IsEverything)
        {
            totals.Note(total > PageRules.CountCap);
        }

        return total;
    }

    private async Task<List<ReadingWithValues>> PageAsync(IQueryable<Reading> readings, ReadingPage page, CancellationToken cancellationToken)
    {
        var part = Ordered(readings, page.Oldest);
        if (!page.Walk && page.Page > 1)
        {
            part = part.Skip((page.Page - 1) * page.Limit);
        }

        var taken = part.Take(page.Limit + 1);
        var pairs =
            from reading in taken
            join value in db.Set<ReadingValue>().AsNoTracking() on reading.Id equals value.ReadingId
            where value.State != ReadingState.Superseded || reading.State == ReadingState.Superseded
            select new { reading, value };
        var ordered = page.Oldest
            ? pairs.OrderBy(pair => pair.reading.ReadingAt).ThenBy(pair => pair.reading.Id)
            : pairs.OrderByDescending(pair => pair.reading.ReadingAt).ThenByDescending(pair => pair.reading.Id);
        var found = new List<ReadingWithValues>(page.Limit + 1);
        await foreach (var row in ordered.Select(pair => new ReadingRow(pair.reading, pair.value)).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (found.Count == 0 || found[^1].Reading.Id != row.Reading.Id)
            {
                found.Add(new ReadingWithValues(row.Reading, new List<ReadingValue>(1)));
            }

            found[^1].Values.Add(row.Value);
        }

        foreach (var several in found)
        {
            if (several.Values.Count > 1)
            {
                several.Values.Sort(ReadingWithValues.ByRegister);
            }
        }

        return found;
    }

    private static IQueryable<Reading> Ordered(IQueryable<Reading> readings, bool oldest) => oldest
        ? readings.OrderBy(reading => reading.ReadingAt).ThenBy(reading => reading.Id)
        : readings.OrderByDescending(reading => reading.ReadingAt).ThenByDescending(reading => reading.Id);

    /// <summary>A comparison of pairs, which both databases answer from the index.</summary>
    private IQueryable<Reading> After(Cursor place, bool oldest)
    {
        object at = db.IsSqlite ? place.At.ToUnixMicroseconds() : place.At;
        object id = db.IsSqlite ? place.Id.ToByteArray(true) : place.Id;
        return oldest
            ? db.Set<Reading>().FromSql($"select * from readings where (reading_at, id) > ({at}, {id})")
            : db.Set<Reading>().FromSql($"select * from readings where (reading_at, id) < ({at}, {id})");
    }

    private static IQueryable<Reading> Filtered(IQueryable<Reading> readings, ReadingFilter filter)
    {
        readings = readings.AsNoTracking();
        if (filter.MeterId is { } meter)
        {
            readings = readings.Where(reading => reading.MeterId == meter);
        }

        if (filter.AgentId is { } agent)
        {
            readings = readings.Where(reading => reading.AgentId == agent);
        }

        if (filter.Verified is { } verified)
        {
            readings = readings.Where(reading => (reading.VerifiedAt != null) == verified);
        }

        if (filter.State is { } state)
        {
            readings = readings.Where(reading => reading.State == state);
        }

        if (filter.Source is { } source)
        {
            readings = readings.Where(reading => reading.Source == source);
        }

        if (filter.From is { } from)
        {
            readings = readings.Where(reading => reading.ReadingAt >= from);
        }

        return filter.To is { } to ? readings.Where(reading => reading.ReadingAt < to) : readings;
    }
}

/// <summary>Remembers for a minute that there are more readings than are counted. Readings are never deleted but by undoing an import,
/// so counting past the cap again and again would find nothing new.</summary>
internal sealed class CappedTotals(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private long until;

    public bool IsCapped => clock.GetUtcNow().UtcTicks < Interlocked.Read(ref until);

    public void Note(bool capped) => Interlocked.Exchange(ref until, capped ? (clock.GetUtcNow() + Kept).UtcTicks : 0);
}
