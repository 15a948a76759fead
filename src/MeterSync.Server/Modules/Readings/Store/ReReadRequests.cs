using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Asks for values again. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class ReReadRequests(MeterSyncDb db, OpenReading readings, Outbox outbox, CallerAccessor callers, TimeProvider clock, IdSource ids) : IReReads
{
    async Task<Outcome<ReReadMade>> IReReads.RequestAsync(ReadingId reading, string reason, CancellationToken cancellationToken)
    {
        var made = await MakeAsync(reading.Value, reason, cancellationToken);
        return made.Succeeded
            ? new ReReadMade(new ReReadId(made.Value.Id), reading, new MeterId(made.Value.MeterId), made.Value.SerialNumber, made.Value.Reason, made.Value.RequestedAt)
            : made.Problem;
    }

    public async Task<Outcome<ReReadView>> MakeAsync(Guid id, string reason, CancellationToken cancellationToken)
    {
        // The meter is locked with its reading: two supervisors who ask at once make one request.
        var found = await readings.FindAsync(id, null, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (reading, meter) = (found.Value.Reading, found.Value.Meter);
        if (reading.State == ReadingState.Superseded)
        {
            return ReadingProblems.ReReadNotPossible.Because("The reading is superseded: another value counts. Ask for that one again.");
        }

        if (meter.RemovedAt is { } removed)
        {
            return ReadingProblems.ReReadNotPossible.Because($"The meter {meter.SerialNumber} was taken away at {removed:yyyy-MM-dd HH:mm} UTC: nobody can read it again.");
        }

        var last = await db.Set<ReRead>().AsNoTracking().Where(other => other.MeterId == reading.MeterId).OrderByDescending(other => other.RequestedAt).FirstOrDefaultAsync(cancellationToken);
        if (last is not null && !await db.Set<Reading>().AnyAsync(later => later.MeterId == last.MeterId && later.ReadingAt > last.RequestedAt && later.State != ReadingState.Rejected && later.Source != ReadingSource.Estimate, cancellationToken))
        {
            return ReadingProblems.ReReadOpen.Because($"This meter is to be read again already: asked for at {last.RequestedAt:yyyy-MM-dd HH:mm} UTC, because: {last.Reason}");
        }

        var made = new ReRead
        {
            Id = ids.Next<ReReadId>(),
            ReadingId = reading.Id,
            MeterId = reading.MeterId,
            Reason = reason.Trim(),
            RequestedBy = callers.Caller.UserId,
            RequestedAt = clock.GetUtcNow().ToStored(),
        };
        db.Set<ReRead>().Add(made);
        outbox.Append(ReadingEvents.ReReadRequested, new EventAbout(made.AuditName, made.Id.Value), new ReReadAsked(made.MeterId.Value, made.ReadingId.Value));
        await db.SaveChangesAsync(cancellationToken);
        return ReReadView.Of(made, meter.SerialNumber, null);
    }
}
