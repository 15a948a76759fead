using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.MarkOverdue;

/// <summary>What a pass did.</summary>
internal sealed record OverdueCounts(int Completed, int Overdue, int Released, int Positions);

/// <summary>Each minute: work whose meter was read by a file or a device is done, work past its time is overdue, finished work leaves the agents' view after its days, old positions go.</summary>
internal sealed class OverdueWork(IServiceScopeFactory scopes, IOptions<WorkforceOptions> options, OverdueWatch watch, TimeProvider clock, ILogger<OverdueWork> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int AtOnce = 1_000;

    public async Task<OverdueCounts> PassAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        var released = now - TimeSpan.FromDays(options.Value.DoneVisibleDays);
        var completed = await MoveAsync(
            db => db.Set<Assignment>().Where(work => (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue)
                && db.OfReadings().Any(reading => reading.MeterId == work.MeterId && reading.ReadingAt >= work.VisitsFrom && reading.ReceivedAt >= work.GivenAt && reading.State == ReadingState.Accepted && reading.Source != ReadingSource.Estimate)),
            (book, work) => book.Move(work, AssignmentStatus.Completed, null, now), cancellationToken);
        var overdue = await MoveAsync(
            db => db.Set<Assignment>().Where(work => (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress) && work.DueAt <= now),
            (book, work) => book.Move(work, AssignmentStatus.Overdue, null, now), cancellationToken);
        var gone = await MoveAsync(
            db => db.Set<Assignment>().Where(work => work.Status == AssignmentStatus.Completed && work.ReleasedAt == null && work.CompletedAt < released && (work.CycleId == null || db.Set<ReadCycle>().Any(cycle => cycle.Id == work.CycleId && cycle.Status == CycleStatus.Closed))),
            (book, work) => book.Release(work, now), cancellationToken);
        await CloseFollowUpsAsync(now, cancellationToken);
        var counts = new OverdueCounts(completed, overdue, gone, await ForgetPositionsAsync(now, cancellationToken));
        watch.Succeeded();
        return counts;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        watch.Begin();
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var counts = await PassAsync(stoppingToken);
                if (counts.Completed + counts.Overdue > 0)
                {
                    log.LogInformation("{Completed} assignments were completed by other readings, {Overdue} are overdue now", counts.Completed, counts.Overdue);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next pass begins anew; that it goes on so shows in the health.
                var passing = StoreFaults.IsUnavailable(exception) || exception is DbUpdateConcurrencyException;
                watch.Failed(StoreFaults.IsUnavailable(exception) ? "the database cannot be reached or is out of space." : "the log says why.");
                log.Log(passing ? LogLevel.Warning : LogLevel.Error, exception, "Overdue work could not be marked; trying again in {Seconds} s", Interval.TotalSeconds);
            }
        }
    }

    /// <summary>Some hundreds a transaction, so that no request waits for long.</summary>
    private async Task<int> MoveAsync(Func<MeterSyncDb, IQueryable<Assignment>> which, Func<WorkBook, Assignment, Problem?> move, CancellationToken cancellationToken)
    {
        for (var moved = 0; ;)
        {
            await using var scope = scopes.CreateAsyncScope();
            var (db, book, changes) = (scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), scope.ServiceProvider.GetRequiredService<WorkBook>(), scope.ServiceProvider.GetRequiredService<ChangeLog>());
            if (!await which(db).AnyAsync(cancellationToken))
            {
                return moved;
            }

            var outcome = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<int>(
                async token =>
                {
                    var found = await which(db).OrderBy(work => work.AgentId).ThenBy(work => work.Id).Select(work => work.Id).Take(AtOnce).ToListAsync(token);
                    await book.LockAsync(found, token);
                    // Once more, since somebody may have ended some of them before the lock.
                    var rows = await which(db).Where(work => found.Contains(work.Id)).ToListAsync(token);
                    await book.LockAgentsAsync([.. rows.Select(row => row.AgentId).Distinct()], token);
                    foreach (var row in rows)
                    {
                        _ = move(book, row);
                    }

                    await changes.WriteAsync(token);
                    await db.SaveChangesAsync(token);
                    return found.Count;
                },
                cancellationToken);
            moved += outcome.Value;
            if (outcome.Value < AtOnce)
            {
                return moved;
            }
        }
    }

    /// <summary>Somebody got to the meter: with a card, a file or a device as well as on foot.</summary>
    private async Task CloseFollowUpsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var reached = db.Set<FollowUp>().Where(followUp => followUp.ClosedAt == null && db.OfReadings().Any(reading =>
            reading.MeterId == followUp.MeterId && reading.ReadingAt >= followUp.OpenedAt && reading.State == ReadingState.Accepted && reading.Source != ReadingSource.Estimate));
        if (await reached.AnyAsync(cancellationToken))
        {
            using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
            await reached.ExecuteUpdateAsync(set => set.SetProperty(followUp => followUp.ClosedAt, now), cancellationToken);
        }
    }

    private async Task<int> ForgetPositionsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = now - TimeSpan.FromDays(options.Value.PositionsKeptDays);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        if (!await db.Set<AgentPosition>().AnyAsync(point => point.At < due, cancellationToken) && !await db.Set<Agent>().AnyAsync(agent => agent.PositionAt < due, cancellationToken))
        {
            return 0;
        }

        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(cancellationToken) : null;
        await db.Set<Agent>().Where(agent => agent.PositionAt < due).ExecuteUpdateAsync(
            set => set.SetProperty(agent => agent.Latitude, (double?)null).SetProperty(agent => agent.Longitude, (double?)null).SetProperty(agent => agent.AccuracyMetres, (double?)null).SetProperty(agent => agent.PositionAt, (DateTimeOffset?)null), cancellationToken);
        return await db.Set<AgentPosition>().Where(point => point.At < due).ExecuteDeleteAsync(cancellationToken);
    }
}
