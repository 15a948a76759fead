using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Estimates;

/// <inheritdoc/>
internal sealed class MeterEstimates(
    MeterSyncDb db, WriteTransactions transactions, BulkStore bulk, IMeterRegistry meters, JudgeReadings judging, TypicalUse typical, TimeProvider clock, IdSource ids) : IEstimates
{
    private const int MetersAtATime = 500;
    private const string AuditName = "reading_estimates";

    public async Task<IReadOnlyList<EstimateOutcome>> EstimateAsync(IReadOnlyCollection<MeterId> of, DateTimeOffset at, EstimateTerms terms, Action<int>? report, CancellationToken cancellationToken)
    {
        var instant = at.ToStored();
        if (instant > clock.GetUtcNow())
        {
            throw new ArgumentOutOfRangeException(nameof(at), at, "Nothing is estimated that lies in the future.");
        }

        var outcomes = new List<EstimateOutcome>(of.Count);
        typical.Forget();
        var done = 0;
        foreach (var part in of.Distinct().OrderBy(id => id.Value).Chunk(MetersAtATime))
        {
            var made = await transactions.RunAsync<IReadOnlyList<EstimateOutcome>>(async token => await PartAsync(part, instant, terms, token), cancellationToken);
            outcomes.AddRange(made.Value!);
            ReadingMetrics.Estimated(made.Value!);
            report?.Invoke(done += part.Length);
        }

        return outcomes;
    }

    private async Task<List<EstimateOutcome>> PartAsync(MeterId[] part, DateTimeOffset at, EstimateTerms terms, CancellationToken cancellationToken)
    {
        var found = await meters.LockAllAsync(part, cancellationToken);
        var chunk = new EstimateChunk(at, terms, clock.GetUtcNow().ToStored(), ids, await PastAsync(found, at, terms, cancellationToken), await judging.SegmentsAsync(found, at, cancellationToken));
        var asking = found.Where(meter => chunk.NeedsTypicalUse(meter)).Select(meter => meter.Id).ToList();
        var use = asking.Count == 0 ? TypicalUseOfPart.Unknown : await typical.OfAsync(asking, at, cancellationToken);
        foreach (var meter in found)
        {
            chunk.Estimate(meter, use);
        }

        if (chunk.Readings.Count > 0)
        {
            await bulk.InsertAsync(chunk.Readings, cancellationToken);
            await bulk.InsertAsync(chunk.Values, cancellationToken);
            await judging.ApplyAllAsync(chunk.Voided, chunk.Remeasured, cancellationToken);
            foreach (var (meter, last) in chunk.Newest)
            {
                meters.SetLastReading(meter, last);
            }

            var told = new JsonObject { ["at"] = at.ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["readings"] = chunk.Readings.Count, ["values"] = chunk.Values.Count };
            db.Add(await AuditTrail.ComposeAsync(db, "readings.estimated", AuditName, ids.Next(), null, told.ToJsonString(), cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
            await judging.TellAsync([.. found.Select(meter => meter.Id)], cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        db.ChangeTracker.Clear();
        return chunk.Outcomes;
    }

    private async Task<EstimatePast> PastAsync(IReadOnlyList<MeterForReading> found, DateTimeOffset at, EstimateTerms terms, CancellationToken cancellationToken)
    {
        var registers = found.SelectMany(meter => meter.Registers).Where(register => register.At(at).Kind is RegisterKind.Cumulative).Select(register => register.Id).ToList();
        var since = (terms.Window is { } window && window.From < at ? window.From : at) - JudgeReadings.Past;
        var rows = await Accepted(db.Set<ReadingValue>().Where(value => registers.Contains(value.RegisterId) && value.ReadingAt >= since)).ToListAsync(cancellationToken);
        var known = rows.Select(row => row.RegisterId).ToHashSet();
        // Read before that time only, or never: the newest value is what an estimate starts from.
        foreach (var silent in registers.Where(register => !known.Contains(register)).Chunk(MetersAtATime))
        {
            rows.AddRange(await Accepted(db.Set<ReadingValue>().Where(value => silent.Contains(value.RegisterId) && value.ReadingAt < since)).ToListAsync(cancellationToken));
        }

        var waiting = await db.Set<ReadingValue>().AsNoTracking().Where(value => registers.Contains(value.RegisterId) && value.ReadingAt == at && value.State == ReadingState.Held)
            .Select(value => value.RegisterId).ToListAsync(cancellationToken);
        return new EstimatePast(rows.ToLookup(row => row.RegisterId), waiting.ToHashSet());
    }

    private static IQueryable<AcceptedRow> Accepted(IQueryable<ReadingValue> values) => values.AsNoTracking()
        .Where(value => value.State == ReadingState.Accepted)
        .OrderBy(value => value.ReadingAt).ThenBy(value => value.Id)
        .Select(value => new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy));
}
