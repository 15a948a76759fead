using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Takes photos into proofs of visit.</summary>
internal sealed class VisitProofs(MeterSyncDb db) : IVisitProofs
{
    public async Task TakePhotosAsync(IReadOnlyDictionary<ReadingId, IReadOnlyList<VisitPhoto>> photos, CancellationToken cancellationToken)
    {
        List<ReadingId> readings = [.. photos.Keys];
        var visits = readings.Count == 0 ? [] : await db.Set<Visit>().Where(visit => readings.Contains(visit.ReadingId)).ToListAsync(cancellationToken);
        if (visits.Count == 0)
        {
            return;
        }

        List<MeterId> meters = [.. visits.Select(visit => visit.MeterId).Distinct()];
        var places = await db.OfMeters(null).Where(meter => meters.Contains(meter.Id)).Select(meter => new { meter.Id, meter.Latitude, meter.Longitude }).ToDictionaryAsync(meter => meter.Id, cancellationToken);
        foreach (var visit in visits)
        {
            var place = places.GetValueOrDefault(visit.MeterId);
            var known = JsonSerializer.Deserialize(visit.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason) ?? [];
            var proof = ProofOfVisit.WithPhotos(known, Position.Of(place?.Latitude, place?.Longitude), visit.At, photos[visit.ReadingId]);
            visit.Score = proof.Score;
            visit.Reasons = JsonSerializer.Serialize(proof.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
