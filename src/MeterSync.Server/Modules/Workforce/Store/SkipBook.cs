using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A visit without a value that is to be recorded.</summary>
/// <param name="ContentHash">Null without a client id.</param>
/// <param name="Meter">Locked.</param>
/// <param name="At">When the visit was.</param>
internal sealed record NewSkip(
    Guid? ClientId, byte[]? ContentHash, MeterForReading Meter, SkipCode Code, string? Note, string? PhotoUrl, double? Latitude, double? Longitude, double? AccuracyMetres, DateTimeOffset At);

/// <summary>Records visits without a value, and what follows from them: work that ends, the office that hears of danger, meters to be looked after. Any number in the same few queries.</summary>
internal sealed class SkipBook(MeterSyncDb db, WriteTransactions transactions, EndWork work, FollowUpBook followUps, Outbox outbox, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    private const int AtOnce = 500;

    /// <summary>Danger to the next who comes, or something broken: the office hears of it at once.</summary>
    private static readonly SkipCode[] Hazards = [SkipCode.Dog, SkipCode.Unsafe, SkipCode.Damaged, SkipCode.MeterMissing];

    /// <summary>What came before under the client ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, Skip>> SentAsync(IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<Guid, Skip>();
        foreach (var part in clientIds.Distinct().Chunk(AtOnce))
        {
            List<Guid?> wanted = [.. part.Select(id => (Guid?)id)];
            foreach (var skip in await db.Set<Skip>().AsNoTracking().Where(skip => wanted.Contains(skip.ClientId)).ToListAsync(cancellationToken))
            {
                sent.Add(skip.ClientId!.Value, skip);
            }
        }

        return sent;
    }

    /// <summary>Whether a stored skip is what the caller sends again.</summary>
    public bool IsSame(Skip sent, byte[] hash) => sent.AgentId == callers.Caller.UserId && hash.AsSpan().SequenceEqual(sent.ContentHash);

    /// <summary>Saves them, in their order. Inside a transaction with the meters locked; what was changed before is saved.</summary>
    /// <param name="made">In their order.</param>
    /// <param name="only">Ends the work of this agent only; null for anybody's.</param>
    /// <param name="cancellationToken">Stops before it is saved.</param>
    public async Task<IReadOnlyList<Skip>> RecordAsync(IReadOnlyList<NewSkip> made, UserId? only, CancellationToken cancellationToken)
    {
        if (made.Count == 0)
        {
            return [];
        }

        List<MeterId> meters = [.. made.Select(one => one.Meter.Id).Distinct()];
        var cycles = await CyclesAsync(meters, made.Min(one => one.At), made.Max(one => one.At), cancellationToken);
        // A closed door that an agent met before the work went to a colleague does not end the colleague's.
        List<EndingVisit> visits = [.. made.Select(one => new EndingVisit(one.Meter.Id, one.At, only, null, $"skipped: {Terms<SkipCode>.WordOf(one.Code)}"))];
        var ended = new Dictionary<MeterId, Assignment>(await work.CompleteAsync(visits, cancellationToken));
        var places = await PlacesAsync(meters, cancellationToken);
        var now = clock.GetUtcNow().ToStored();
        var skips = new List<Skip>(made.Count);
        var inCycles = new List<SkipInCycle>();
        for (var index = 0; index < made.Count; index++)
        {
            var place = places.GetValueOrDefault(made[index].Meter.Id);
            var cycle = cycles[made[index].Meter.Id].FirstOrDefault(one => one.Contains(made[index].At));
            var ends = ended.TryGetValue(made[index].Meter.Id, out var done) && visits[index].Ends(done);
            if (ends)
            {
                ended.Remove(made[index].Meter.Id);
            }

            var skip = SkipOf(made[index], place?.ServicePointId, cycle?.Id, ends ? done!.Id : null, now);
            skips.Add(skip);
            Tell(skip, place?.RegionId);
            if (cycle is not null)
            {
                inCycles.Add(new SkipInCycle(skip, cycle, place?.RegionId));
            }
        }

        skips.ForEach(db.Insert);
        await db.SaveChangesAsync(cancellationToken);
        await followUps.AfterSkipsAsync(inCycles, cancellationToken);
        return skips;
    }

    private Skip SkipOf(NewSkip made, ServicePointId? place, ReadCycleId? cycle, AssignmentId? ended, DateTimeOffset now) => new()
    {
        Id = ids.Next<SkipId>(),
        ClientId = made.ClientId,
        ContentHash = made.ContentHash,
        MeterId = made.Meter.Id,
        ServicePointId = place,
        AgentId = callers.Caller.UserId,
        CycleId = cycle,
        AssignmentId = ended,
        Code = made.Code,
        Note = made.Note,
        PhotoUrl = made.PhotoUrl,
        Latitude = made.Latitude,
        Longitude = made.Longitude,
        AccuracyMetres = made.AccuracyMetres,
        SkippedAt = made.At,
        ReceivedAt = now,
    };

    private void Tell(Skip skip, RegionId? region)
    {
        if (Hazards.Contains(skip.Code))
        {
            outbox.Append(
                WorkforceEvents.HazardReported,
                new EventAbout(skip.AuditName, skip.Id.Value) { UserId = skip.AgentId, RegionId = region },
                new HazardFound(Terms<SkipCode>.WordOf(skip.Code), skip.MeterId.Value, skip.Id.Value, skip.SkippedAt));
        }

        transactions.Afterwards(() => WorkforceMetrics.Skipped(skip.Code));
    }

    /// <summary>The cycles of each meter whose windows lie in a time, an open one first, then the latest.</summary>
    private async Task<ILookup<MeterId, CycleOfMeter>> CyclesAsync(IReadOnlyList<MeterId> meters, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var found = new List<CycleOfMeter>();
        foreach (var part in meters.Chunk(AtOnce))
        {
            found.AddRange(await db.Set<CycleMeter>().OfCycles(db).Where(one => part.Contains(one.MeterId) && one.From <= to && from < one.To).ToListAsync(cancellationToken));
        }

        return found.OrderBy(one => one.IsClosed).ThenByDescending(one => one.From).ToLookup(one => one.MeterId);
    }

    private async Task<Dictionary<MeterId, MeterFact>> PlacesAsync(IReadOnlyList<MeterId> meters, CancellationToken cancellationToken)
    {
        var places = new Dictionary<MeterId, MeterFact>();
        foreach (var part in meters.Chunk(AtOnce))
        {
            foreach (var row in await db.OfMeters(null).Where(one => part.Contains(one.Id)).Select(one => new { one.Id, one.ServicePointId, one.RegionId }).ToListAsync(cancellationToken))
            {
                places.Add(row.Id, new MeterFact { Id = row.Id, ServicePointId = row.ServicePointId, RegionId = row.RegionId });
            }
        }

        return places;
    }
}
