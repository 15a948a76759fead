using MeterSync.Kernel;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Npgsql;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Pages on PostgreSQL: rows, values and the total in one round trip of prepared statements, past the change tracker.
/// This is the most called read of all; docs/adr/0006 tells what it saves.</summary>
internal sealed class PostgresReadingPages(PostgresSource postgres, KnownTotals totals) : IReadingPages
{
    public async Task<FoundReadings> LoadAsync(ReadingFilter filter, ReadingPage page, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.Source!.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var sql = new ReadingPageSql(filter);
        var known = totals.Find(filter);
        var totalTellsMore = !page.Walk && page.Page * page.Limit < PageRules.CountCap;
        batch.BatchCommands.Add(sql.Rows(page, totalTellsMore ? page.Limit : page.Limit + 1));
        if (!page.Walk)
        {
            batch.BatchCommands.Add(sql.Total(known.Snapshot));
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var found = await ReadAsync(rows, page, cancellationToken);
        if (page.Walk)
        {
            return FoundReadings.Of(found, page.Limit, null);
        }

        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var total = known.Total;
        if (!rows.IsDBNull(0))
        {
            total = rows.GetInt32(0);
            totals.Note(filter, new KnownTotal(rows.GetString(1), total));
        }

        return totalTellsMore ? new FoundReadings(found, found.Count == page.Limit && total > page.Page * page.Limit, total) : FoundReadings.Of(found, page.Limit, total);
    }

    private static async Task<List<ReadingWithValues>> ReadAsync(NpgsqlDataReader rows, ReadingPage page, CancellationToken cancellationToken)
    {
        var found = new List<ReadingWithValues>(page.Limit + 1);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (reading, value, meterVersion) = ReadingPageSql.Read(rows);
            if (found.Count == 0 || found[^1].Reading.Id != reading.Id)
            {
                found.Add(new ReadingWithValues(reading, new List<ReadingValue>(1)) { MeterVersion = meterVersion });
            }

            found[^1].Values.Add(value);
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
}

/// <param name="Snapshot">PostgreSQL's <c>pg_current_snapshot()</c> as text: two equal ones see the same rows.</param>
/// <param name="Total">Matching rows in that snapshot.</param>
internal readonly record struct KnownTotal(string Snapshot, int Total);

/// <summary>Totals counted lately. One is used again only while PostgreSQL says that nothing was committed since: someone leafing through
/// pages of one list counts it once, and no total is ever out of date. Small ones are not kept: counting them again costs next to nothing, and they
/// would only push out the dear ones. Nor are those of a part of the meters, of which every manager has another.</summary>
internal sealed class KnownTotals
{
    private const int Kept = 512;
    private const int WorthKeeping = 1_000;
    private readonly Lock gate = new();
    private readonly Dictionary<ReadingFilter, KnownTotal> byFilter = [];

    public KnownTotal Find(ReadingFilter filter)
    {
        if (filter.Regions is not null)
        {
            return new KnownTotal("", 0);
        }

        lock (gate)
        {
            return byFilter.TryGetValue(filter, out var known) ? known : new KnownTotal("", 0);
        }
    }

    public void Note(ReadingFilter filter, KnownTotal known)
    {
        if (known.Total < WorthKeeping || filter.Regions is not null)
        {
            return;
        }

        lock (gate)
        {
            if (byFilter.Count >= Kept)
            {
                byFilter.Clear();
            }

            byFilter[filter] = known;
        }
    }
}
