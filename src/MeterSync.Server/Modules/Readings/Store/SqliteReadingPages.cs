using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Pages by EF, for SQLite: one query for the page, one for the total where it is not known from the page itself.</summary>
internal sealed class SqliteReadingPages(MeterSyncDb db, CappedTotals totals) : IReadingPages
{
    public async Task<FoundReadings> LoadAsync(ReadingFilter filter, ReadingPage page, CancellationToken cancellationToken)
    {
        var isWalked = filter.Regions is { } regions && (filter.IsNarrow || (!filter.IsRare && await db.AreWideAsync(regions, cancellationToken)));
        var found = await PageAsync(Filtered(page.Cursor is { } cursor ? After(cursor, page.Oldest) : db.Set<Reading>(), filter, isWalked), page, cancellationToken);
        if (page.Walk)
        {
            return FoundReadings.Of(found, page.Limit, null);
        }

        var before = (page.Page - 1) * page.Limit;
        var isLast = found.Count <= page.Limit && (found.Count > 0 || before == 0);
        return FoundReadings.Of(found, page.Limit, isLast ? before + found.Count : await CountAsync(filter, cancellationToken));
    }

    private async Task<int> CountAsync(ReadingFilter filter, CancellationToken cancellationToken)
    {
        if (filter.IsEverything && totals.IsCapped)
        {
            return PageRules.CountCap + 1;
        }

        var total = await Filtered(db.Set<Reading>(), filter, filter.IsNarrow).Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
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

    /// <summary>A comparison of pairs, which is answered from the index.</summary>
    private IQueryable<Reading> After(Cursor place, bool oldest)
    {
        var at = place.At.ToUnixMicroseconds();
        var id = place.Id.ToByteArray(true);
        return oldest
            ? db.Set<Reading>().FromSql($"select * from readings where (reading_at, id) > ({at}, {id})")
            : db.Set<Reading>().FromSql($"select * from readings where (reading_at, id) < ({at}, {id})");
    }

    /// <param name="readings">All, or those after a cursor.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="lookUp">Whether the region of each reading is looked up, rather than readings from the regions.</param>
    private IQueryable<Reading> Filtered(IQueryable<Reading> readings, ReadingFilter filter, bool lookUp)
    {
        readings = readings.AsNoTracking();
        if (filter.Regions is { } regions)
        {
            var (each, all) = (db.MetersAt(regions), db.MetersFrom(regions));
            readings = lookUp ? readings.Where(reading => each.Any(meter => meter == reading.MeterId)) : readings.Where(reading => all.Contains(reading.MeterId));
        }

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

        if (filter.Evidence is { } evidence)
        {
            ReadingEvidence? wanted = evidence == ReadingEvidence.None ? null : evidence;
            readings = readings.Where(reading => reading.Evidence == wanted);
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
