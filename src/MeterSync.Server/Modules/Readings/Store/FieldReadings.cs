using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <inheritdoc cref="IFieldReadings"/>
internal sealed class FieldReadings(MeterSyncDb db) : IFieldReadings
{
    public async Task<IReadOnlyList<FieldReading>> OfAsync(UserId agent, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        return await ShownAsync(db.Among<Reading>(nameof(Reading.Id), ids).AsNoTracking().Where(reading => reading.AgentId == agent), cancellationToken);
    }

    public Task<IReadOnlyList<FieldReading>> AfterAsync(UserId agent, DateTimeOffset since, Cursor? after, int most, CancellationToken cancellationToken)
    {
        var readings = db.Set<Reading>().AsQueryable();
        if (after is { } last)
        {
            var (own, at, id) = (Stored(agent.Value), Stored(last.At), Stored(last.Id));
            readings = db.Set<Reading>().FromSql($"select * from readings where agent_id = {own} and (reading_at, id) > ({at}, {id})");
        }

        return ShownAsync(readings.AsNoTracking().Where(reading => reading.AgentId == agent && reading.ReadingAt >= since).OrderBy(reading => reading.ReadingAt).ThenBy(reading => reading.Id).Take(most), cancellationToken);
    }

    private async Task<IReadOnlyList<FieldReading>> ShownAsync(IQueryable<Reading> readings, CancellationToken cancellationToken)
    {
        var found = await readings.Select(reading => new
        {
            reading.Id,
            reading.ClientId,
            reading.MeterId,
            reading.ReadingAt,
            reading.ReceivedAt,
            reading.State,
            reading.VerifiedAt,
            reading.Evidence,
            reading.DecisionNote,
            reading.Notes,
            reading.Version,
        }).ToListAsync(cancellationToken);
        var ids = found.Select(reading => reading.Id.Value).ToList();
        var values = ids.Count == 0 ? [] : await db.Among<ReadingValue>(nameof(ReadingValue.ReadingId), ids).AsNoTracking().Where(value => value.State != ReadingState.Superseded).OrderBy(value => value.Ordinal)
            .Select(value => new { value.ReadingId, value.Id, value.RegisterId, value.Value, value.State, value.Quality, value.Flags, value.SupersedesId }).ToListAsync(cancellationToken);
        var byReading = values.ToLookup(
            value => value.ReadingId, value => new FieldValue(value.Id.Value, value.RegisterId.Value, value.Value, value.State, value.Quality, FlagText.Split(value.Flags), value.SupersedesId?.Value));
        return [.. found.Select(reading => new FieldReading(
            reading.Id.Value,
            reading.ClientId,
            reading.MeterId.Value,
            reading.ReadingAt,
            reading.ReceivedAt,
            reading.State,
            [.. byReading[reading.Id].SelectMany(value => value.Flags).Distinct().Order(StringComparer.Ordinal)],
            reading.VerifiedAt is not null,
            reading.Evidence ?? ReadingEvidence.None,
            reading.DecisionNote,
            reading.Notes,
            reading.Version,
            [.. byReading[reading.Id]]))];
    }

    private object Stored(Guid id) => db.IsSqlite ? id.ToByteArray(true) : id;

    private object Stored(DateTimeOffset instant) => db.IsSqlite ? instant.ToUnixMicroseconds() : instant;
}
