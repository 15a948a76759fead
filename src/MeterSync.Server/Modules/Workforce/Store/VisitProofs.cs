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
    public async Task TakePhotosAsync(ReadingId reading, IReadOnlyList<VisitPhoto> photos, CancellationToken cancellationToken)
    {
        if (await db.Set<Visit>().FirstOrDefaultAsync(visit => visit.ReadingId == reading, cancellationToken) is not { } visit)
        {
            return;
        }

        var place = await db.OfMeters(null).Where(meter => meter.Id == visit.MeterId).Select(meter => new { meter.Latitude, meter.Longitude }).FirstOrDefaultAsync(cancellationToken);
        var known = JsonSerializer.Deserialize(visit.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason) ?? [];
        var proof = ProofOfVisit.WithPhotos(known, Position.Of(place?.Latitude, place?.Longitude), visit.At, photos);
        visit.Score = proof.Score;
        visit.Reasons = JsonSerializer.Serialize(proof.Reasons, StoredVisitJson.Default.IReadOnlyListVisitReason);
        await db.SaveChangesAsync(cancellationToken);
    }
}
