using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;

namespace MeterSync.Modules.Readings.Recording;

/// <summary>A reading on its way into the ledger of a locked meter.</summary>
/// <param name="Content">With the instant that counts.</param>
/// <param name="Hash">Null without a client id.</param>
internal sealed record RecordedVisit(CreateReadingRequest Request, CreateReadingContent Content, byte[]? Hash, MeterForReading Meter, DateTimeOffset ReceivedAt);

/// <param name="Meter">With its newest value.</param>
internal sealed record RecordedReading(ReadingView View, MeterForReading Meter);

/// <summary>Records readings of many meters in one go: their histories are looked up together, every new row is written in bulk. What one reading needs is here, too.
/// Inside <see cref="WriteTransactions"/> with the meters locked.</summary>
internal sealed class RecordReadings(
    MeterSyncDb db, BulkStore bulk, WriteTransactions transactions, OpenLedgers ledgers, JudgeReadings judging, IEnumerable<IReadingFollower> followers, IReadingEvidence evidence, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <param name="visits">At most one of each meter.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>In the order of the visits.</returns>
    public async Task<IReadOnlyList<Outcome<RecordedReading>>> RecordAsync(IReadOnlyList<RecordedVisit> visits, CancellationToken cancellationToken)
    {
        var outcomes = new Outcome<RecordedReading>[visits.Count];
        var judged = new List<Judged>(visits.Count);
        for (var index = 0; index < visits.Count; index++)
        {
            var visit = visits[index];
            var named = NamedRegisters.Of(visit.Meter, visit.Request.ReadingValue, visit.Request.Registers);
            if (!named.Succeeded)
            {
                outcomes[index] = named.Problem;
                transactions.Afterwards(() => ReadingMetrics.Refused(visit.Content.Source));
                continue;
            }

            judged.Add(new Judged(index, visit, ReadingOf(visit), named.Value));
        }

        if (judged.Count > 0)
        {
            await StoreAsync(judged, outcomes, cancellationToken);
        }

        return outcomes;
    }

    private async Task StoreAsync(List<Judged> judged, Outcome<RecordedReading>[] outcomes, CancellationToken cancellationToken)
    {
        var opened = await ledgers.OpenAsync(judged.ConvertAll(one => new Visited(one.Visit.Meter, one.Named.Registers, one.Reading.ReadingAt)), cancellationToken);
        var now = clock.GetUtcNow().ToStored();
        var audit = new List<AuditEntry>(judged.Count);
        foreach (var one in judged)
        {
            var ledger = opened[one.Visit.Meter.Id];
            for (var index = 0; index < one.Named.Registers.Count; index++)
            {
                one.Values.Add(ledger.Judge(one.Reading, one.Named.Registers[index], one.Named.Values[index], ids.Next<ReadingValueId>(), null, now));
            }

            one.Reading.State = ReadingStates.WorstOf(one.Values.Select(value => value.Value));
            if (await AuditTrail.OfNewAsync(db, one.Reading, cancellationToken) is { } entry)
            {
                audit.Add(entry);
            }
        }

        await bulk.InsertAsync(judged.Select(one => one.Reading), cancellationToken);
        await bulk.InsertAsync(judged.SelectMany(one => one.Values.Select(value => value.Value)), cancellationToken);
        await bulk.InsertAsync(audit, cancellationToken);
        await judging.SettleAllAsync(opened.Values, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var recorded = judged.ConvertAll(one => RecordedOf(one.Visit.Request, one.Reading, one.Visit.Meter));
        foreach (var follower in followers)
        {
            await follower.FollowAllAsync(recorded, cancellationToken);
        }

        // Photos that came first join the proofs of visit, which the followers have just made.
        var waiting = judged.Where(one => one.Reading.Evidence is not null).ToList();
        var photos = waiting.Count == 0 ? null : await evidence.AttachAsync(waiting.ConvertAll(one => new ReadingPhotos(one.Reading.Id, one.Reading.ClientId, one.Reading.AgentId, one.Visit.Request.Photos!)), cancellationToken);
        foreach (var one in judged)
        {
            var meter = one.Visit.Meter;
            var ledger = opened[meter.Id];
            var view = ReadingView.Of(new ReadingWithValues(one.Reading, one.Values.ConvertAll(value => value.Value)), meter.SerialNumber, meter.Registers, withSuperseded: false, one.Values);
            view = photos is not null && photos.TryGetValue(one.Reading.Id, out var here) ? view with { Evidence = here } : view;
            outcomes[one.Place] = new RecordedReading(view, ledger is { HasMain: true, NewestOfMain: { } newest } ? meter with { Last = new LastReading(newest.At, newest.Value, meter.Registers[0].At(newest.At).Unit) } : meter);
            transactions.Afterwards(() => ReadingMetrics.Recorded(view, alreadyThere: false));
        }
    }

    public static ReadingRecorded RecordedOf(CreateReadingRequest request, Reading reading, MeterForReading meter) => new(
        reading.Id, meter, reading.ReadingAt, reading.ReceivedAt, reading.Source, reading.State, reading.AgentId, reading.Latitude, reading.Longitude, reading.AccuracyMetres, request.DwellSeconds, request.MockLocation ?? false);

    /// <summary>Null where the caller may bring readings of that source.</summary>
    public Problem? RefuseSource(CreateReadingContent content) =>
        IsMade(content.Source) && !callers.Caller.May(ReadingPermissions.Import)
            ? ReadingProblems.SourceNotAllowed.For("source", $"A reading with the source {Terms<ReadingSource>.WordOf(content.Source)} needs the permission {ReadingPermissions.Import}.")
            : null;

    public static Problem UnknownMeter(CreateReadingRequest request, Caller caller) =>
        ReadingProblems.MeterNotFound.For(request.MeterId is null ? "serial_number" : "meter_id", $"There is no meter {request.MeterId?.ToString() ?? request.SerialNumber}{(caller.OwnOnly is null ? "" : " among those assigned to you")}.");

    public static Problem SentWithOther(Guid clientId) =>
        ReadingProblems.ClientIdConflict.For("client_id", $"A reading with the client_id {clientId} is stored already, with other content.");

    public Reading ReadingOf(RecordedVisit visit)
    {
        var (request, content) = (visit.Request, visit.Content);
        return new Reading
        {
            Id = ids.Next<ReadingId>(),
            ClientId = request.ClientId,
            ContentHash = visit.Hash,
            MeterId = visit.Meter.Id,
            ReadingAt = content.At ?? visit.ReceivedAt,
            ReceivedAt = visit.ReceivedAt,
            Source = content.Source,
            AgentId = IsMade(content.Source) ? null : callers.Caller.UserId,
            DeviceId = string.IsNullOrWhiteSpace(request.DeviceId) ? null : request.DeviceId.Trim(),
            Latitude = content.Latitude,
            Longitude = content.Longitude,
            AccuracyMetres = content.AccuracyMetres,
            Notes = string.IsNullOrWhiteSpace(request.Notes) ? null : request.Notes,
            PhotoUrl = string.IsNullOrWhiteSpace(request.PhotoUrl) ? null : request.PhotoUrl,
            Photos = PhotoList.ToJson(request.Photos),
            Evidence = ListedPhotos.EvidenceOf(request.Photos),
            DoubleEntered = request.DoubleEntered ?? false,
        };
    }

    /// <summary>Nobody stood before the meter.</summary>
    private static bool IsMade(ReadingSource source) => source is ReadingSource.Telemetry or ReadingSource.Import or ReadingSource.Estimate;

    /// <param name="Place">Among the visits.</param>
    private sealed record Judged(int Place, RecordedVisit Visit, Reading Reading, NamedRegisters Named)
    {
        public List<JudgedValue> Values { get; } = new(Named.Registers.Count);
    }
}
