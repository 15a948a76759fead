using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Import;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.UndoMeterImport;

internal sealed class UndoMeterImportHandler(MeterSyncDb db, WriteTransactions transactions, ImportDesk desk, BulkStore bulk, IEnumerable<IMeterFollower> followers, CallerAccessor callers, TimeProvider clock)
{
    private const int ChunkRows = 2000;
    private const int NamedMeters = 5;

    public async Task<Outcome<MeterImportUndoneView>> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await transactions.RunAsync(token => UndoAsync(id, token), cancellationToken);
        }
        catch (Exception exception) when (StoreFaults.IsConflict(exception))
        {
            // Held and rejected readings leave no last reading, but the foreign keys know them.
            return MeterProblems.ImportInUse.Because("Meters of this import have readings, so it cannot be undone.");
        }
    }

    private async Task<Outcome<MeterImportUndoneView>> UndoAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await desk.FindToUndoAsync(MeterTables.Kind, id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var batch = found.Value;
        if (await TouchesOthersAsync(batch, cancellationToken))
        {
            return KernelProblems.ScopeTooNarrow.Because("The import touched meters that are not in your regions now. Ask someone who sees them all to undo it.");
        }

        if (await FindDependentsAsync(batch, cancellationToken) is { } dependents)
        {
            return dependents;
        }

        var now = clock.GetUtcNow().ToStored();
        var restored = await RestoreAsync(batch, now, cancellationToken);
        if (!restored.Succeeded)
        {
            return restored.Problem;
        }

        var deleted = await DeleteAsync(batch, cancellationToken);
        batch.UndoneAt = now;
        await db.SaveChangesAsync(cancellationToken);
        foreach (var follower in followers)
        {
            await follower.ChangedAsync(restored.Value.Meters, cancellationToken);
        }

        return new MeterImportUndoneView(batch.Id.Value, deleted, restored.Value.Meters.Count, now);
    }

    private async Task<bool> TouchesOthersAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        if (callers.Caller.RegionsOnly is not { } regions)
        {
            return false;
        }

        var seen = db.MetersAt(regions);
        return await db.Set<Meter>().FromSql($"select m.* from meters m join import_batch_items i on i.entity_id = m.id where i.batch_id = {Key(batch)}").AnyAsync(meter => !seen.Any(id => id == meter.Id), cancellationToken);
    }

    /// <summary>A meter the import made that was changed or read since.</summary>
    private async Task<Problem?> FindDependentsAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        var used = await db.Set<Meter>().FromSql($"select m.* from meters m join import_batch_items i on i.entity_id = m.id where i.batch_id = {Key(batch)} and i.before is null")
            .Select(meter => new { meter.SerialNumber, meter.Version, IsRead = db.Set<MeterLastReading>().Any(last => last.MeterId == meter.Id) })
            .Where(row => row.IsRead || row.Version != 1)
            .OrderBy(row => row.SerialNumber).Take(NamedMeters + 1).ToListAsync(cancellationToken);
        return used.Count == 0 ? null : InUse(used.Select(row => $"{row.SerialNumber} {(row.IsRead ? "has readings" : "was changed")}"));
    }

    private async Task<Outcome<RestoredMeters>> RestoreAsync(ImportBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var meters = new List<MeterId>();
        var regions = await db.Set<Region>().Select(region => region.Id).ToListAsync(cancellationToken);
        for (var done = 0; ; done += ChunkRows)
        {
            var items = await db.Set<ImportBatchItem>().AsNoTracking().Where(item => item.BatchId == batch.Id && item.Before != null)
                .OrderBy(item => item.EntityId).Skip(done).Take(ChunkRows).ToListAsync(cancellationToken);
            if (items.Count == 0)
            {
                return new RestoredMeters(meters);
            }

            var found = (await MeterPartsQuery.LoadAsync(db, await LockedBetweenAsync(batch, items[0].EntityId, items[^1].EntityId, cancellationToken), cancellationToken)).ToDictionary(row => row.Parts.Meter.Id.Value);
            var restored = new List<MeterParts>(items.Count);
            foreach (var item in items)
            {
                var before = JsonSerializer.Deserialize(item.Before!, MeterImportJson.Default.MeterBefore)!;
                if (!found.TryGetValue(item.EntityId, out var current))
                {
                    return InUse(["a meter it changed was deleted"]);
                }

                var meter = current.Parts.Meter;
                if (meter.Version != before.Version + 1 || (before.RegisterChanged && current.LastReadingAt != before.LastReadingAt))
                {
                    return InUse([$"{meter.SerialNumber} {(meter.Version != before.Version + 1 ? "was changed" : "has later readings")}"]);
                }

                if (before.State.RegionId is { } region && !regions.Contains(new RegionId(region)))
                {
                    return InUse([$"the region {meter.SerialNumber} was in is gone"]);
                }

                current.Parts.Restore(before.State);
                meter.Version++;
                meter.UpdatedAt = current.Parts.Point.UpdatedAt = now;
                restored.Add(current.Parts);
            }

            await bulk.UpdateAsync(restored.Select(parts => parts.Meter), cancellationToken);
            await bulk.UpdateAsync(restored.Where(parts => !parts.InStore).Select(parts => parts.Point), cancellationToken);
            await bulk.UpdateAsync(restored.Where(parts => parts.Register is not null).Select(parts => parts.Register!), cancellationToken);
            await bulk.UpdateAsync(restored.Where(parts => parts.Version is not null).Select(parts => parts.Version!), cancellationToken);
            meters.AddRange(restored.Select(parts => parts.Meter.Id));
        }
    }

    private async Task<int> DeleteAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        var key = Key(batch);
        object made = db.IsSqlite ? batch.CreatedAt.ToUnixMicroseconds() : batch.CreatedAt;
        await db.Database.ExecuteSqlAsync($"delete from register_versions where register_id in (select r.id from registers r join import_batch_items i on i.entity_id = r.meter_id where i.batch_id = {key} and i.before is null)", cancellationToken);
        await db.Database.ExecuteSqlAsync($"delete from registers where meter_id in (select entity_id from import_batch_items where batch_id = {key} and before is null)", cancellationToken);
        await db.Database.ExecuteSqlAsync($"delete from meter_installations where meter_id in (select entity_id from import_batch_items where batch_id = {key} and before is null)", cancellationToken);
        var deleted = await db.Database.ExecuteSqlAsync($"delete from meters where id in (select entity_id from import_batch_items where batch_id = {key} and before is null)", cancellationToken);
        // The import stamped its service points with its own instant; one that another meter has moved to stays.
        await db.Database.ExecuteSqlAsync($"delete from service_points where created_at = {made} and not exists (select 1 from meter_installations i where i.service_point_id = service_points.id) and not exists (select 1 from meters m where m.service_point_id = service_points.id)", cancellationToken);
        return deleted;
    }

    /// <summary>Both bounds inclusive.</summary>
    private async Task<IQueryable<Meter>> LockedBetweenAsync(ImportBatch batch, Guid first, Guid last, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync(
                $"select 1 from import_batch_items i join meters m on m.id = i.entity_id where i.batch_id = {batch.Id.Value} and i.entity_id between {first} and {last} and i.before is not null order by m.id for update of m",
                cancellationToken);
        }

        return db.Set<Meter>().FromSql($"select m.* from import_batch_items i join meters m on m.id = i.entity_id where i.batch_id = {Key(batch)} and i.entity_id between {Key(first)} and {Key(last)} and i.before is not null");
    }

    private object Key(ImportBatch batch) => Key(batch.Id.Value);

    private object Key(Guid id) => db.IsSqlite ? id.ToByteArray(true) : id;

    private static Problem InUse(IEnumerable<string> reasons)
    {
        var named = reasons.ToList();
        var more = named.Count > NamedMeters ? ", and more" : "";
        return MeterProblems.ImportInUse.Because($"The import cannot be undone: {string.Join(", ", named.Take(NamedMeters))}{more}.");
    }

    private sealed record RestoredMeters(IReadOnlyList<MeterId> Meters);
}
