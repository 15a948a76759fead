using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Import;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.UndoReadingImport;

/// <summary>Takes an import's readings away and measures again what was counted from them. Estimates that it voided stay void.</summary>
internal sealed class UndoReadingImportHandler(MeterSyncDb db, WriteTransactions transactions, ImportDesk desk, JudgeReadings judging, IMeterRegistry meters, CappedTotals totals, CallerAccessor callers, TimeProvider clock)
{
    private const int MetersAtATime = 500;

    public Task<Outcome<ReadingImportUndoneView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
        transactions.RunAsync(token => UndoAsync(id, token), cancellationToken);

    private async Task<Outcome<ReadingImportUndoneView>> UndoAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await desk.FindToUndoAsync(ReadingTables.Kind, id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var batch = found.Value;
        if (callers.Caller.RegionsOnly is { } regions)
        {
            var seen = db.MetersAt(regions);
            if (await db.Set<Reading>().AnyAsync(reading => reading.ImportBatchId == batch.Id && !seen.Any(meter => meter == reading.MeterId), cancellationToken))
            {
                return KernelProblems.ScopeTooNarrow.Because("The import brought readings of meters that are not in your regions now. Ask someone who sees them all to undo it.");
            }
        }

        var decided = await db.Set<Reading>().CountAsync(reading => reading.ImportBatchId == batch.Id && reading.DecidedAt != null, cancellationToken);
        if (decided > 0)
        {
            return ReadingProblems.ImportNotUndoable.Because($"People have verified, rejected or corrected {decided} readings of this import, so it cannot be undone as a whole.");
        }

        var concerned = await db.Set<Reading>().Where(reading => reading.ImportBatchId == batch.Id).Select(reading => reading.MeterId).Distinct().ToListAsync(cancellationToken);
        await LockAsync(concerned, cancellationToken);
        var ofBatch = db.Set<Reading>().Where(reading => reading.ImportBatchId == batch.Id);
        var deleted = await db.Set<ReadingValue>().Where(value => ofBatch.Any(reading => reading.Id == value.ReadingId)).ExecuteDeleteAsync(cancellationToken);
        await ofBatch.ExecuteDeleteAsync(cancellationToken);
        var remeasured = 0;
        foreach (var part in concerned.Chunk(MetersAtATime))
        {
            remeasured += await MeasureAgainAsync(part, cancellationToken);
        }

        var now = clock.GetUtcNow().ToStored();
        var kept = await db.Set<ImportBatch>().SingleAsync(candidate => candidate.Id == batch.Id, cancellationToken);
        kept.UndoneAt = now;
        await db.SaveChangesAsync(cancellationToken);
        await judging.TellAsync(concerned, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        totals.Note(capped: false);
        return new ReadingImportUndoneView(batch.Id.Value, deleted, remeasured, now);
    }

    private async Task LockAsync(List<MeterId> concerned, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            var guids = concerned.Select(meter => meter.Value).ToArray();
            await db.Database.ExecuteSqlAsync($"select 1 from meters where id = any({guids}) order by id for update", cancellationToken);
        }
    }

    private async Task<int> MeasureAgainAsync(MeterId[] part, CancellationToken cancellationToken)
    {
        var serials = await meters.SerialNumbersAsync(part, cancellationToken);
        var found = await meters.FindBySerialAsync([.. serials.Values], cancellationToken);
        var registers = found.Values.SelectMany(meter => meter.Registers).Select(register => register.Id).ToList();
        var rows = (await db.Set<ReadingValue>().AsNoTracking()
            .Where(value => registers.Contains(value.RegisterId) && value.State == ReadingState.Accepted)
            .OrderBy(value => value.ReadingAt).ThenBy(value => value.Id)
            .Select(value => new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, value.PreviousValueId, value.ReadBy))
            .ToListAsync(cancellationToken)).ToLookup(row => row.RegisterId);
        var segments = await judging.SegmentsAsync(found.Values, clock.GetUtcNow(), cancellationToken);
        var (voided, remeasured) = (new List<ReadingValueId>(), new List<Remeasured>());
        foreach (var meter in found.Values)
        {
            for (var index = 0; index < meter.Registers.Count; index++)
            {
                var ledger = new RegisterLedger(meter, meter.Registers[index], [.. rows[meter.Registers[index].Id]], segments.GetValueOrDefault(meter.Registers[index].Id));
                var changes = ledger.MeasureAgain();
                voided.AddRange(changes.Voided);
                remeasured.AddRange(changes.Remeasured);
                if (index == 0)
                {
                    meters.SetLastReading(meter, ledger.Newest is { } newest ? new LastReading(newest.At, newest.Value, meter.Registers[0].At(newest.At).Unit) : null);
                }
            }
        }

        await judging.ApplyAllAsync(voided, remeasured, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return remeasured.Count;
    }
}
