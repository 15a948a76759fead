using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Queries that several slices use, compiled once a server: a compiled query belongs to one database's model.</summary>
internal sealed class ReadingQueries
{
    private readonly Func<MeterSyncDb, RegisterId, DateTimeOffset, int, IAsyncEnumerable<AcceptedRow>> ofRegister =
        EF.CompileAsyncQuery((MeterSyncDb db, RegisterId register, DateTimeOffset since, int most) => db.Set<ReadingValue>()
            .Where(value => value.RegisterId == register && value.ReadingAt >= since && value.State == ReadingState.Accepted)
            .OrderByDescending(value => value.ReadingAt).ThenByDescending(value => value.Id)
            .Take(most)
            .Select(value => new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy)));

    private readonly Func<MeterSyncDb, ReadingId, IAsyncEnumerable<ReadingRow>> one =
        EF.CompileAsyncQuery((MeterSyncDb db, ReadingId id) =>
            from reading in db.Set<Reading>().AsNoTracking()
            join value in db.Set<ReadingValue>().AsNoTracking() on reading.Id equals value.ReadingId
            where reading.Id == id
            select new ReadingRow(reading, value));

    /// <summary>Accepted values of one register from an instant (inclusive) on, newest first, at most so many.</summary>
    public async Task<List<AcceptedRow>> AcceptedAsync(MeterSyncDb db, RegisterId register, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        var rows = new List<AcceptedRow>();
        await foreach (var row in ofRegister(db, register, since, most).WithCancellation(cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A reading with all its values, untracked; null where there is none.</summary>
    public async Task<ReadingWithValues?> FindAsync(MeterSyncDb db, ReadingId id, CancellationToken cancellationToken)
    {
        ReadingWithValues? found = null;
        await foreach (var row in one(db, id).WithCancellation(cancellationToken))
        {
            (found ??= new ReadingWithValues(row.Reading, [])).Values.Add(row.Value);
        }

        found?.Values.Sort(ReadingWithValues.ByRegister);
        return found;
    }
}

/// <summary>A reading beside one of its values.</summary>
internal sealed record ReadingRow(Reading Reading, ReadingValue Value);

/// <summary>A reading and its values by register, corrections after what they correct.</summary>
internal sealed record ReadingWithValues(Reading Reading, List<ReadingValue> Values)
{
    /// <summary>Version of its meter, where it was read along; 0 otherwise.</summary>
    public int MeterVersion { get; init; }

    public static readonly Comparison<ReadingValue> ByRegister = (left, right) =>
        left.Ordinal != right.Ordinal ? left.Ordinal.CompareTo(right.Ordinal) : right.IsLive.CompareTo(left.IsLive) is not 0 and var live ? live : right.Id.Value.CompareTo(left.Id.Value);

    /// <summary>Tracked, in one query; null where there is none.</summary>
    public static async Task<ReadingWithValues?> LoadAsync(MeterSyncDb db, ReadingId id, CancellationToken cancellationToken)
    {
        var rows = await (
            from reading in db.Set<Reading>()
            join value in db.Set<ReadingValue>() on reading.Id equals value.ReadingId
            where reading.Id == id
            select new { reading, value }).ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return null;
        }

        var values = rows.ConvertAll(row => row.value);
        values.Sort(ByRegister);
        return new ReadingWithValues(rows[0].reading, values);
    }

    public IEnumerable<ReadingValue> Live => Values.Where(value => value.IsLive);
}
