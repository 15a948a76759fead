using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Metering.Vee.Rules;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>What became of the photos of readings, and the flag of VEE-116 that hangs on it.</summary>
internal sealed class EvidenceBook(MeterSyncDb db, WriteTransactions transactions, IMeterRegistry meters, IReadingWatcher watcher, TimeProvider clock) : IEvidenceBook
{
    private const int AtOnce = 200;

    /// <summary>Readings of a meter that needs photos since lately are not found fault with.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);

    private static readonly EvidenceRule Rule = new();
    private static readonly TimeSpan Patience = TimeSpan.FromDays(VeeParameters.Default.PhotoDays);

    public async Task HoldAsync(IReadOnlyCollection<ReadingId> readings, CancellationToken cancellationToken)
    {
        if (db.IsSqlite || readings.Count == 0)
        {
            return;
        }

        await LockMetersAsync(readings, cancellationToken);
        Guid[] ids = [.. readings.Select(reading => reading.Value)];
        await db.Database.ExecuteSqlAsync($"select 1 from readings where id = any({ids}) order by id for no key update", cancellationToken);
    }

    public async Task SetAsync(IReadOnlyDictionary<ReadingId, ReadingEvidence> evidence, CancellationToken cancellationToken)
    {
        foreach (var group in evidence.GroupBy(pair => pair.Value, pair => pair.Key))
        {
            var ids = group.ToList();
            if (group.Key == ReadingEvidence.Complete)
            {
                await UnflagAsync(ids, cancellationToken);
            }

            ReadingEvidence? stored = group.Key == ReadingEvidence.None ? null : group.Key;
            await db.Set<Reading>().Where(reading => ids.Contains(reading.Id)).ExecuteUpdateAsync(set => set.SetProperty(reading => reading.Evidence, stored), cancellationToken);
        }
    }

    public async Task<int> MarkMissingAsync(Func<IReadOnlyCollection<ReadingId>, CancellationToken, Task<IReadOnlySet<ReadingId>>> havingPhotos, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var (due, since) = (now - Patience, now - Patience - LooksBack);
        for (var marked = 0; ;)
        {
            var late = await db.Set<Reading>().AsNoTracking().Where(reading => reading.Evidence == ReadingEvidence.Pending && reading.ReceivedAt <= due)
                .OrderBy(reading => reading.ReadingAt).Select(reading => new Candidate(reading.Id, reading.MeterId)).Take(AtOnce).ToListAsync(cancellationToken);
            if (late.Count == 0)
            {
                late = await (
                    from meter in db.OfMeters(null)
                    where meter.RequiresPhoto
                    join reading in db.Set<Reading>() on meter.Id equals reading.MeterId
                    where reading.Evidence == null && reading.ReceivedAt <= due && reading.ReceivedAt > since
                        && (reading.Source == ReadingSource.Manual || reading.Source == ReadingSource.Photo || reading.Source == ReadingSource.Ocr) && reading.State != ReadingState.Superseded
                    select new Candidate(reading.Id, reading.MeterId)).Take(AtOnce).ToListAsync(cancellationToken);
            }

            if (late.Count == 0)
            {
                return marked;
            }

            await transactions.RunAsync<Done>(
                async token =>
                {
                    await MarkAsync(late, due, now, havingPhotos, token);
                    return Done.It;
                },
                cancellationToken);
            db.Forget();
            marked += late.Count;
        }
    }

    private async Task MarkAsync(List<Candidate> late, DateTimeOffset due, DateTimeOffset now, Func<IReadOnlyCollection<ReadingId>, CancellationToken, Task<IReadOnlySet<ReadingId>>> havingPhotos, CancellationToken cancellationToken)
    {
        var meterIds = late.Select(one => one.Meter).Distinct().OrderBy(id => id.Value).ToList();
        await meters.LockAllAsync(meterIds, cancellationToken);
        var needing = await db.OfMeters(null).Where(meter => meterIds.Contains(meter.Id) && meter.RequiresPhoto).Select(meter => meter.Id).ToListAsync(cancellationToken);
        var ids = late.ConvertAll(one => one.Id);
        // Once more, since a photo may have come before the lock.
        var still = await db.Set<Reading>().AsNoTracking().Where(reading => ids.Contains(reading.Id) && reading.ReceivedAt <= due && (reading.Evidence == null || reading.Evidence == ReadingEvidence.Pending))
            .Select(reading => new { reading.Id, reading.MeterId, reading.AgentId, reading.ReceivedAt }).ToDictionaryAsync(reading => reading.Id, cancellationToken);
        var having = await havingPhotos(ids, cancellationToken);
        var flagged = still.Values.Where(reading => needing.Contains(reading.MeterId) && !having.Contains(reading.Id)).Select(reading => reading.Id).ToList();
        foreach (var value in await db.Set<ReadingValue>().Where(value => flagged.Contains(value.ReadingId) && value.State != ReadingState.Superseded).ToListAsync(cancellationToken))
        {
            if (!FlagText.Has(value.Flags, EvidenceRule.RuleId) && Rule.Check((int)(now - still[value.ReadingId].ReceivedAt).TotalDays, VeeParameters.Default) is { } finding)
            {
                Verdicts.Replace(value, [.. Verdicts.FindingsOf(value.Findings), new FindingView(finding.RuleId, finding.Effect, finding.Message)]);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        List<ReadingId> missing = [.. still.Keys];
        await db.Set<Reading>().Where(reading => missing.Contains(reading.Id)).ExecuteUpdateAsync(set => set.SetProperty(reading => reading.Evidence, ReadingEvidence.Missing), cancellationToken);
        foreach (var one in still.Values.Where(one => one.AgentId is not null))
        {
            watcher.Changed(one.Id, one.AgentId!.Value);
        }

        await watcher.WriteAsync([], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task UnflagAsync(List<ReadingId> ids, CancellationToken cancellationToken)
    {
        // Judging writes the same values anew, under the lock of their meter; and whether they are flagged shows only once it is held.
        await LockMetersAsync(ids, cancellationToken);
        foreach (var value in await db.Set<ReadingValue>().Where(value => ids.Contains(value.ReadingId) && value.Flags.Contains(EvidenceRule.RuleId)).ToListAsync(cancellationToken))
        {
            Verdicts.Replace(value, [.. Verdicts.FindingsOf(value.Findings).Where(finding => finding.Rule != EvidenceRule.RuleId)]);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task LockMetersAsync(IReadOnlyCollection<ReadingId> readings, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            await meters.LockAllAsync(await db.Set<Reading>().Where(reading => readings.Contains(reading.Id)).Select(reading => reading.MeterId).Distinct().ToListAsync(cancellationToken), cancellationToken);
        }
    }

    private readonly record struct Candidate(ReadingId Id, MeterId Meter);
}
