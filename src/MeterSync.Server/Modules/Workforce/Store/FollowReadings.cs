using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>A reading by a person ends the work on its meter and leaves a proof of visit.</summary>
internal sealed class FollowReadings(MeterSyncDb db, WorkBook work, FollowUpBook followUps, CallerAccessor callers) : IReadingFollower
{
    private static readonly TimeSpan SameWalk = TimeSpan.FromHours(4);

    public async Task FollowAsync(ReadingRecorded reading, CancellationToken cancellationToken)
    {
        if (reading.Source is ReadingSource.Telemetry or ReadingSource.Import or ReadingSource.Estimate or ReadingSource.Customer || reading.State == ReadingState.Rejected)
        {
            return;
        }

        if (await work.CompleteAsync(reading.Meter.Id, reading.At, null, reading.Id, null, cancellationToken) is not null)
        {
            await followUps.CloseAllAsync(reading.Meter.Id, cancellationToken);
        }

        if (callers.Caller.OwnOnly is not null && reading.AgentId is { } agent)
        {
            await ProveAsync(reading, agent, cancellationToken);
        }
    }

    private async Task ProveAsync(ReadingRecorded reading, UserId agent, CancellationToken cancellationToken)
    {
        var since = reading.At - SameWalk;
        var before = await db.OfReadings().Where(other => other.AgentId == agent && other.Id != reading.Id && other.ReadingAt <= reading.At && other.ReadingAt >= since && other.MeterId != reading.Meter.Id)
            .OrderByDescending(other => other.ReadingAt).Select(other => new { other.MeterId, other.ReadingAt, other.Latitude, other.Longitude }).FirstOrDefaultAsync(cancellationToken);
        var place = before is null ? null : await db.OfMeters(null).Where(meter => meter.Id == before.MeterId).Select(meter => new { meter.Latitude, meter.Longitude }).FirstOrDefaultAsync(cancellationToken);
        var from = Position.Of(place?.Latitude, place?.Longitude) ?? Position.Of(before?.Latitude, before?.Longitude);
        var proof = ProofOfVisit.Of(new VisitEvidence(
            Position.Of(reading.Meter.Latitude, reading.Meter.Longitude),
            Position.Of(reading.Latitude, reading.Longitude),
            reading.AccuracyMetres,
            reading.DwellSeconds,
            reading.IsMocked,
            reading.At,
            from is { } known ? (known, before!.ReadingAt) : null));
        db.Insert(new Visit
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
        await db.SaveChangesAsync(cancellationToken);
    }
}
