using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>The one way values come to count: opens the ledger of a locked meter, and writes what a change brings with it. Inside <see cref="WriteTransactions"/> only.</summary>
internal sealed class JudgeReadings(MeterSyncDb db, ReadingQueries queries, IMeterRegistry meters, PlacePasts pasts, ICycleWindows cycles, IEnumerable<IReadingWatcher> watchers, IdSource ids)
{
    /// <summary>A year of daily readings and what the same period last year needs beyond it.</summary>
    public const int MostInOrder = 450;
    public const int MostWhenLate = 50_000;
    private const int OlderValues = 4;
    private const int ChangesAtATime = 500;

    /// <summary>Three yearly periods and a month: enough for both baselines at any usual rhythm.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromDays((3 * 365) + 31);

    /// <summary>Loads the accepted values of the given registers that bear on an instant: the past before it and all that follows it. One query for a meter
    /// of one register or for all of several, none where they came along with the meter; one more for a register without a value in that time, and for one with an
    /// estimate beside the instant; those of <see cref="PlacePasts"/> for a meter that an exchange put where it is.</summary>
    public async Task<MeterLedger> OpenAsync(MeterForReading meter, IReadOnlyList<RegisterForReading> registers, DateTimeOffset at, MainPast? ahead, CancellationToken cancellationToken)
    {
        var since = meter.Last is { } last ? (at < last.At ? at : last.At) - Past : DateTimeOffset.MinValue;
        var most = meter.Last is null || at >= meter.Last.At ? MostInOrder * registers.Count : MostWhenLate;
        var newestFirst = registers.Count == 1
            ? ahead?.Covers(registers[0], meter, at) == true ? ahead.Rows : await queries.AcceptedAsync(db, registers[0].Id, since, most, cancellationToken)
            : await OfSeveralAsync([.. registers.Select(register => register.Id)], since, most, cancellationToken);
        var segments = meter.SegmentFrom is null ? null : await pasts.OfAsync([meter], at, cancellationToken);
        var cycle = cycles.OfMeter(meter.Id, at);
        var ledgers = new RegisterLedger[registers.Count];
        for (var index = 0; index < ledgers.Length; index++)
        {
            var id = registers[index].Id;
            var rows = registers.Count == 1 ? newestFirst : newestFirst.FindAll(row => row.RegisterId == id);
            if (since > DateTimeOffset.MinValue && (rows.Count == 0 || rows[^1].At >= at))
            {
                rows.AddRange(await OlderAsync(id, since, cancellationToken));
            }

            rows.Reverse();
            ledgers[index] = new RegisterLedger(meter, registers[index], rows, segments?.GetValueOrDefault(id)) { Cycle = cycle, Own = await OwnBesideAsync(rows, at, cancellationToken) };
        }

        return new MeterLedger(meter, ledgers);
    }

    /// <summary>Writes the voided estimates, the use measured again and the meter's last reading into the unit of work. One query where anything followed.</summary>
    public async Task SettleAsync(MeterLedger ledger, CancellationToken cancellationToken)
    {
        var changes = ledger.Settle();
        if (changes != LedgerChanges.None && changes.Voided.Count + changes.Remeasured.Count + changes.Replaced.Count > 0)
        {
            (await ApplyAsync(changes, cancellationToken)).ForEach(Tell);
        }

        SetLast(ledger);
    }

    /// <summary>As <see cref="SettleAsync"/> for many meters: one query for some hundreds of values that changed.</summary>
    public async Task SettleAllAsync(IEnumerable<MeterLedger> ledgers, CancellationToken cancellationToken)
    {
        var (voided, remeasured, replaced) = (new List<ReadingValueId>(), new List<Remeasured>(), new List<ReplacedEstimate>());
        var lasts = new List<(MeterForReading, LastReading?)>();
        foreach (var ledger in ledgers)
        {
            var changes = ledger.Settle();
            voided.AddRange(changes.Voided);
            remeasured.AddRange(changes.Remeasured);
            replaced.AddRange(changes.Replaced);
            if (LastOf(ledger) is { } last)
            {
                lasts.Add(last);
            }
        }

        await meters.SetLastReadingsAsync(lasts, cancellationToken);

        if (voided.Count + remeasured.Count + replaced.Count > 0)
        {
            (await ApplyAsync(new LedgerChanges(voided, remeasured, replaced), cancellationToken)).ForEach(Tell);
        }
    }

    /// <summary>As <see cref="PlacePasts.OfAsync"/>.</summary>
    public ValueTask<IReadOnlyDictionary<RegisterId, RegisterSegments>> SegmentsAsync(IEnumerable<MeterForReading> of, DateTimeOffset at, CancellationToken cancellationToken) =>
        pasts.OfAsync(of, at, cancellationToken);

    /// <summary>Draws own estimates of some hundreds of meters anew, once actual values from elsewhere are stored around them, and takes those out that these make needless.</summary>
    /// <returns>How many were taken out.</returns>
    public async Task<int> StraightenAsync(IReadOnlyCollection<MeterForReading> of, CancellationToken cancellationToken)
    {
        var registers = of.SelectMany(meter => meter.Registers).Select(register => register.Id).ToList();
        var own = await db.Set<ReadingValue>().AsNoTracking().Where(value => registers.Contains(value.RegisterId) && value.State == ReadingState.Accepted && value.Estimate != null)
            .Select(value => new { value.Id, value.RegisterId, value.Estimate }).ToListAsync(cancellationToken);
        if (own.Count == 0)
        {
            return 0;
        }

        var concerned = own.ConvertAll(row => row.RegisterId).Distinct().ToList();
        var rows = (await db.Set<ReadingValue>().AsNoTracking().Where(value => concerned.Contains(value.RegisterId) && value.State == ReadingState.Accepted)
            .OrderBy(value => value.ReadingAt).ThenBy(value => value.Id).Select(AsRow).ToListAsync(cancellationToken)).ToLookup(row => row.RegisterId);
        var segments = await pasts.OfAsync(of, DateTimeOffset.MaxValue, cancellationToken);
        var voided = 0;
        foreach (var meter in of)
        {
            foreach (var register in meter.Registers.Where(register => concerned.Contains(register.Id)))
            {
                var known = own.Where(row => row.RegisterId == register.Id).ToDictionary(row => row.Id, row => StoredEstimate.WindowOf(row.Estimate));
                var ledger = new RegisterLedger(meter, register, [.. rows[register.Id]], segments.GetValueOrDefault(register.Id)) { Own = new OwnEstimates(known, ids) };
                var changes = ledger.StraightenAll();
                if (changes == LedgerChanges.None)
                {
                    continue;
                }

                (await ApplyAsync(changes, cancellationToken)).ForEach(Tell);
                voided += changes.Voided.Count;
                if (changes.Voided.Count > 0 && register.Id == meter.Registers[0].Id && ledger.Newest is { } newest)
                {
                    meters.SetLastReading(meter, new LastReading(newest.At, newest.Value, register.At(newest.At).Unit));
                }
            }
        }

        return voided;
    }

    /// <summary>Writes many registers' changes, some hundreds at a time.</summary>
    public async Task ApplyAllAsync(IReadOnlyCollection<ReadingValueId> voided, IReadOnlyCollection<Remeasured> remeasured, CancellationToken cancellationToken)
    {
        foreach (var part in voided.Chunk(ChangesAtATime))
        {
            (await ApplyAsync(new LedgerChanges(part, [], []), cancellationToken)).ForEach(Tell);
        }

        var gone = voided.ToHashSet();
        foreach (var part in remeasured.Where(measured => !gone.Contains(measured.Id)).Chunk(ChangesAtATime))
        {
            (await ApplyAsync(new LedgerChanges([], part, []), cancellationToken)).ForEach(Tell);
        }
    }

    /// <summary>Whoever has the meters or what was read there on a phone hears of it. Locks what comes after meters and assignments, so it stands last, once in a transaction; the unit of work is saved after it.</summary>
    public async Task TellAsync(IReadOnlyCollection<MeterId> of, CancellationToken cancellationToken)
    {
        foreach (var watcher in watchers)
        {
            await watcher.WriteAsync(of, cancellationToken);
        }
    }

    private void SetLast(MeterLedger ledger)
    {
        if (LastOf(ledger) is { } known)
        {
            meters.SetLastReading(known.Meter, known.Last);
        }
    }

    /// <summary>Null where the main register is not concerned.</summary>
    private static (MeterForReading Meter, LastReading? Last)? LastOf(MeterLedger ledger) =>
        !ledger.HasMain ? null : (ledger.Meter, ledger.NewestOfMain is { } row ? new LastReading(row.At, row.Value, ledger.Meter.Registers[0].At(row.At).Unit) : null);

    /// <returns>The readings that are different now.</returns>
    private async Task<List<Reading>> ApplyAsync(LedgerChanges changes, CancellationToken cancellationToken)
    {
        ReadingValueId[] changed = [.. changes.Voided, .. changes.Remeasured.Select(measured => measured.Id), .. changes.Replaced.Select(made => made.OldId)];
        var concerned = db.Set<ReadingValue>().Where(value => changed.Contains(value.Id)).Select(value => value.ReadingId);
        var rows = await (
            from value in db.Set<ReadingValue>()
            join reading in db.Set<Reading>() on value.ReadingId equals reading.Id
            where concerned.Contains(value.ReadingId)
            select new { reading, value }).ToListAsync(cancellationToken);
        var byId = rows.ToDictionary(row => row.value.Id, row => row.value);
        foreach (var made in changes.Replaced)
        {
            byId[made.NewId] = Replaced(byId[made.OldId], made);
        }

        foreach (var measured in changes.Remeasured)
        {
            Verdicts.Remeasure(byId[measured.Id], measured);
        }

        foreach (var id in changes.Voided)
        {
            byId[id].State = ReadingState.Superseded;
        }

        var visits = rows.DistinctBy(row => row.reading.Id).ToDictionary(row => row.reading.Id, row => row.reading);
        foreach (var id in changes.Voided.Concat(changes.Replaced.Select(made => made.OldId)).Select(gone => byId[gone].ReadingId).Distinct())
        {
            visits[id].State = ReadingStates.WorstOf(byId.Values.Where(value => value.ReadingId == id));
            // A value in the place of another is another version of the reading, also where its state stays.
            db.Entry(visits[id]).Property(reading => reading.State).IsModified = true;
        }

        return [.. visits.Values];
    }

    private void Tell(Reading reading)
    {
        if (reading.AgentId is not { } agent)
        {
            return;
        }

        foreach (var watcher in watchers)
        {
            watcher.Changed(reading.Id, agent);
        }
    }

    private ReadingValue Replaced(ReadingValue old, ReplacedEstimate made)
    {
        old.State = ReadingState.Superseded;
        var value = new ReadingValue
        {
            Id = made.NewId,
            ReadingId = old.ReadingId,
            MeterId = old.MeterId,
            RegisterId = old.RegisterId,
            Ordinal = old.Ordinal,
            ReadingAt = old.ReadingAt,
            Value = made.Estimate.Value,
            State = ReadingState.Accepted,
            Quality = Quality.Estimated,
            Flags = old.Flags,
            Findings = old.Findings,
            Expected = old.Expected,
            SupersedesId = old.Id,
            Estimate = StoredEstimate.ToJson(made.Estimate, StoredEstimate.WindowOf(old.Estimate)),
        };
        db.Add(value);
        return value;
    }

    /// <summary>The estimates beside an instant that were made here; null where there are none. A query only where an estimate stands there.</summary>
    private async ValueTask<OwnEstimates?> OwnBesideAsync(List<AcceptedRow> rows, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (EstimatesBeside(rows, at) is not { } beside)
        {
            return null;
        }

        var own = await db.Set<ReadingValue>().AsNoTracking().Where(value => beside.Contains(value.Id) && value.Estimate != null).Select(value => new { value.Id, value.Estimate }).ToListAsync(cancellationToken);
        return own.Count == 0 ? null : new OwnEstimates(own.ToDictionary(row => row.Id, row => StoredEstimate.WindowOf(row.Estimate)), ids);
    }

    /// <summary>The estimates directly before an instant, and those after it up to the next actual value; null where there are none.</summary>
    /// <param name="rows">Oldest first.</param>
    /// <param name="at">Values at the instant itself are those under change.</param>
    public static List<ReadingValueId>? EstimatesBeside(List<AcceptedRow> rows, DateTimeOffset at)
    {
        var after = rows.Count;
        while (after > 0 && rows[after - 1].At > at)
        {
            after--;
        }

        var before = after;
        while (before > 0 && rows[before - 1].At == at)
        {
            before--;
        }

        List<ReadingValueId>? beside = null;
        for (var index = before - 1; index >= 0 && rows[index].Quality is Quality.Estimated; index--)
        {
            (beside ??= []).Add(rows[index].Id);
        }

        for (var index = before; index < rows.Count && (index < after || rows[index].Quality is Quality.Estimated); index++)
        {
            if (rows[index].Quality is Quality.Estimated)
            {
                (beside ??= []).Add(rows[index].Id);
            }
        }

        return beside;
    }

    private Task<List<AcceptedRow>> OfSeveralAsync(RegisterId[] registers, DateTimeOffset since, int most, CancellationToken cancellationToken) =>
        Accepted(db.Set<ReadingValue>().Where(value => registers.Contains(value.RegisterId) && value.ReadingAt >= since)).Take(most).Select(AsRow).ToListAsync(cancellationToken);

    private Task<List<AcceptedRow>> OlderAsync(RegisterId register, DateTimeOffset before, CancellationToken cancellationToken) =>
        Accepted(db.Set<ReadingValue>().Where(value => value.RegisterId == register && value.ReadingAt < before)).Take(OlderValues).Select(AsRow).ToListAsync(cancellationToken);

    private static IQueryable<ReadingValue> Accepted(IQueryable<ReadingValue> values) =>
        values.Where(value => value.State == ReadingState.Accepted).OrderByDescending(value => value.ReadingAt).ThenByDescending(value => value.Id);

    private static readonly System.Linq.Expressions.Expression<Func<ReadingValue, AcceptedRow>> AsRow = value =>
        new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy);
}
