using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Recording;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.CreateReading;

/// <param name="AlreadyThere">The same client_id and content came before.</param>
internal sealed record CreatedReading(ReadingView Reading, bool AlreadyThere);

/// <summary>Three round trips for a meter named by id: the locked meter, its history, the save; on PostgreSQL the history of the main register comes along
/// with the meter. One more for a serial number, one for a late reading.</summary>
internal sealed class CreateReadingHandler(
    MeterSyncDb db, WriteTransactions transactions, RecordReadings recording, JudgeReadings judging, ReadingQueries queries, IMeterRegistry meters, IEnumerable<IReadingFollower> followers, IReadingEvidence evidence, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<CreatedReading>> HandleAsync(CreateReadingRequest request, CancellationToken cancellationToken)
    {
        var content = CreateReadingContent.Of(request);
        if (!content.Succeeded)
        {
            return content.Problem;
        }

        var outcome = await CreateAsync(request, content.Value, cancellationToken);
        if (outcome.Succeeded)
        {
            ReadingMetrics.Recorded(outcome.Value.Reading, outcome.Value.AlreadyThere);
        }
        else
        {
            ReadingMetrics.Refused(content.Value.Source);
        }

        return outcome;
    }

    private async Task<Outcome<CreatedReading>> CreateAsync(CreateReadingRequest request, CreateReadingContent content, CancellationToken cancellationToken)
    {
        if (recording.RefuseSource(content) is { } refusal)
        {
            return refusal;
        }

        if (request.ClientId is not { } clientId)
        {
            return await transactions.RunAsync(token => RecordAsync(request, content, null, token), cancellationToken);
        }

        // The unique index finds a resend; looking first would cost every new reading a query.
        var hash = content.HashOf(request);
        try
        {
            var outcome = await transactions.RunAsync(token => RecordAsync(request, content, hash, token), cancellationToken);
            // Whoever does not see the meter does not learn either what was sent for it before.
            var isHidden = callers.Caller is { RegionsOnly: not null } or { OwnOnly: not null } && outcome.Problem?.Code == ReadingProblems.MeterNotFound;
            return outcome.Succeeded || isHidden ? outcome : await FindSentAsync(clientId, hash, cancellationToken) ?? outcome;
        }
        catch (DbUpdateException refused) when (StoreFaults.IsConflict(refused))
        {
            db.Forget();
            if (await FindSentAsync(clientId, hash, cancellationToken) is { } sent)
            {
                return sent;
            }

            throw;
        }
    }

    private async Task<Outcome<CreatedReading>> RecordAsync(CreateReadingRequest request, CreateReadingContent content, byte[]? hash, CancellationToken cancellationToken)
    {
        var (meter, ahead) = await LockAsync(request, content, cancellationToken);
        if (meter is null)
        {
            return RecordReadings.UnknownMeter(request, callers.Caller);
        }

        var named = NamedRegisters.Of(meter, request.ReadingValue, request.Registers);
        if (!named.Succeeded)
        {
            return named.Problem;
        }

        var now = clock.GetUtcNow().ToStored();
        var reading = recording.ReadingOf(new RecordedVisit(request, content, hash, meter, now));
        var ledger = await judging.OpenAsync(meter, named.Value.Registers, reading.ReadingAt, ahead, cancellationToken);
        var judged = new List<JudgedValue>(named.Value.Registers.Count);
        for (var index = 0; index < named.Value.Registers.Count; index++)
        {
            judged.Add(ledger.Judge(reading, named.Value.Registers[index], named.Value.Values[index], ids.Next<ReadingValueId>(), null, now));
        }

        List<ReadingValue> values = judged.ConvertAll(one => one.Value);
        reading.State = ReadingStates.WorstOf(values);
        db.Insert(reading);
        values.ForEach(db.Insert);
        await judging.SettleAsync(ledger, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await FollowAsync(request, reading, meter, cancellationToken);
        var view = ReadingView.Of(new ReadingWithValues(reading, values), meter.SerialNumber, meter.Registers, withSuperseded: true, judged);
        return new CreatedReading(reading.Evidence is null ? view : view with { Evidence = await AttachAsync(request, reading, cancellationToken) }, AlreadyThere: false);
    }

    /// <summary>Photos may have come before their reading.</summary>
    private async Task<ReadingEvidence> AttachAsync(CreateReadingRequest request, Reading reading, CancellationToken cancellationToken) =>
        (await evidence.AttachAsync([new ReadingPhotos(reading.Id, reading.ClientId, reading.AgentId, request.Photos!)], cancellationToken))[reading.Id];

    private async Task FollowAsync(CreateReadingRequest request, Reading reading, MeterForReading meter, CancellationToken cancellationToken)
    {
        var recorded = RecordReadings.RecordedOf(request, reading, meter);
        foreach (var follower in followers)
        {
            await follower.FollowAsync(recorded, cancellationToken);
        }
    }

    private async Task<(MeterForReading? Meter, MainPast? Ahead)> LockAsync(CreateReadingRequest request, CreateReadingContent content, CancellationToken cancellationToken)
    {
        if (await IdOfAsync(request, cancellationToken) is not { } id)
        {
            return (null, null);
        }

        var ahead = request.ReadingValue is null ? null : new MainPast(id, content.At ?? clock.GetUtcNow().ToStored());
        return (await meters.LockAsync(id, ahead, cancellationToken), ahead);
    }

    private async Task<MeterId?> IdOfAsync(CreateReadingRequest request, CancellationToken cancellationToken)
    {
        if (request.MeterId is { } id)
        {
            return new MeterId(id);
        }

        var serial = request.SerialNumber!.Trim();
        return (await meters.FindBySerialAsync([serial], cancellationToken)).TryGetValue(serial, out var found) ? found.Id : null;
    }

    /// <summary>The reading an earlier sending made; null where the client id is new.</summary>
    private async Task<Outcome<CreatedReading>?> FindSentAsync(Guid clientId, byte[] hash, CancellationToken cancellationToken)
    {
        var sent = await db.Set<Reading>().AsNoTracking().Where(reading => reading.ClientId == clientId).Select(reading => new { reading.Id, reading.ContentHash, reading.AgentId, reading.MeterId }).FirstOrDefaultAsync(cancellationToken);
        if (sent is null)
        {
            return null;
        }

        var meter = await meters.FindAsync(sent.MeterId, cancellationToken);
        if (meter is null || (callers.Caller.OwnOnly is { } own && sent.AgentId != own) || !hash.AsSpan().SequenceEqual(sent.ContentHash))
        {
            return RecordReadings.SentWithOther(clientId);
        }

        var found = await queries.FindAsync(db, sent.Id, cancellationToken);
        return found is null ? null : (Outcome<CreatedReading>?)new CreatedReading(ReadingView.Of(found, meter.SerialNumber, meter.Registers, withSuperseded: true), AlreadyThere: true);
    }
}
