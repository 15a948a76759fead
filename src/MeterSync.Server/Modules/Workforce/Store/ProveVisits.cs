using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Leaves a proof of visit with each reading of an agent: a score with its reasons, which changes nothing by itself.</summary>
internal sealed class ProveVisits(MeterSyncDb db, BulkStore bulk)
{
    private static readonly TimeSpan SameWalk = TimeSpan.FromHours(4);

    /// <summary>Steps before the first reading: more than anybody goes back and forth between two values of one meter.</summary>
    private const int StepsBefore = 20;

    /// <summary>Three queries at most, for one reading as for a thousand; the readings are stored.</summary>
    public async Task ProveAsync(IReadOnlyList<ReadingRecorded> readings, UserId agent, CancellationToken cancellationToken)
    {
        var walk = await WalkAsync(readings, agent, cancellationToken);
        var steps = readings.Select(reading => Before(walk, reading)).ToList();
        var places = await PlacesAsync(readings, steps, cancellationToken);
        var visits = new List<Visit>(readings.Count);
        foreach (var (reading, step) in readings.Zip(steps))
        {
            var proof = ProofOfVisit.Of(new VisitEvidence(
                Position.Of(reading.Meter.Latitude, reading.Meter.Longitude),
                Position.Of(reading.Latitude, reading.Longitude),
                reading.AccuracyMetres,
                reading.DwellSeconds,
                reading.IsMocked,
                reading.At,
                step is not null && (places.GetValueOrDefault(step.MeterId) ?? step.Place) is { } from ? (from, step.At) : null));
            visits.Add(new Visit
            {
                ReadingId = reading.Id,
                AgentId = agent,
                MeterId = reading.Meter.Id,
                At = reading.At,
                Score = proof.Score,
                DistanceMetres = proof.DistanceMetres,
                SpeedKmh = proof.SpeedKmh,
                DwellSeconds = reading.DwellSeconds,
                IsMocked = reading.IsMocked,
                Reasons = JsonSerializer.Serialize(proof.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason),
            });
        }

        if (visits is [var only])
        {
            db.Insert(only);
            await db.SaveChangesAsync(cancellationToken);
        }
        else
        {
            await bulk.InsertAsync(visits, cancellationToken);
        }
    }

    /// <summary>What the agent read around these readings, oldest first.</summary>
    private async Task<List<Step>> WalkAsync(IReadOnlyList<ReadingRecorded> readings, UserId agent, CancellationToken cancellationToken)
    {
        var (since, until) = (readings.Min(reading => reading.At) - SameWalk, readings.Max(reading => reading.At));
        var around = db.OfReadings().Where(other => other.AgentId == agent && other.ReadingAt >= since && other.ReadingAt <= until);
        if (readings is [var only])
        {
            around = around.Where(other => other.MeterId != only.Meter.Id).OrderByDescending(other => other.ReadingAt).Take(1);
        }

        else
        {
            // Of a long walk only what lies among the readings, and the steps just before them.
            var first = readings.Min(reading => reading.At);
            around = around.Where(other => other.ReadingAt < first).OrderByDescending(other => other.ReadingAt).Take(StepsBefore)
                .Concat(around.Where(other => other.ReadingAt >= first));
        }

        var steps = await around.Select(other => new { other.Id, other.MeterId, other.ReadingAt, other.Latitude, other.Longitude }).ToListAsync(cancellationToken);
        return [.. steps.OrderBy(step => step.ReadingAt).Select(step => new Step(step.MeterId, step.ReadingAt, Position.Of(step.Latitude, step.Longitude)))];
    }

    /// <summary>Where the meters of the steps hang, as far as that is known.</summary>
    private async Task<Dictionary<MeterId, Position?>> PlacesAsync(IReadOnlyList<ReadingRecorded> readings, List<Step?> steps, CancellationToken cancellationToken)
    {
        var places = readings.Select(reading => reading.Meter).DistinctBy(meter => meter.Id).ToDictionary(meter => meter.Id, meter => Position.Of(meter.Latitude, meter.Longitude));
        List<MeterId> others = [.. steps.OfType<Step>().Select(step => step.MeterId).Distinct().Where(meter => !places.ContainsKey(meter))];
        foreach (var place in others.Count == 0 ? [] : await db.MetersBy(others).Select(meter => new { meter.Id, meter.Latitude, meter.Longitude }).ToListAsync(cancellationToken))
        {
            places[place.Id] = Position.Of(place.Latitude, place.Longitude);
        }

        return places;
    }

    /// <summary>The last other meter within the walk.</summary>
    private static Step? Before(List<Step> walk, ReadingRecorded reading)
    {
        var (low, high) = (0, walk.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = walk[middle].At <= reading.At ? (middle + 1, high) : (low, middle);
        }

        for (var index = low - 1; index >= 0 && walk[index].At >= reading.At - SameWalk; index--)
        {
            if (walk[index].MeterId != reading.Meter.Id)
            {
                return walk[index];
            }
        }

        return null;
    }

    /// <param name="Place">Where the phone was.</param>
    private sealed record Step(MeterId MeterId, DateTimeOffset At, Position? Place);
}
