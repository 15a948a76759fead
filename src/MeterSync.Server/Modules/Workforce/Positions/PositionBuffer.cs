using System.Collections.Concurrent;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Positions;

/// <summary>Takes positions in memory and writes them a few seconds later, many agents in one transaction. A position is no fact that somebody is billed by: a crash may lose the last seconds of a walk.</summary>
internal sealed class PositionBuffer(IServiceScopeFactory scopes, PositionRules rules, PositionWatch watch, TimeProvider clock, ILogger<PositionBuffer> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    /// <summary>Points of one agent that wait at most; beyond them the oldest go.</summary>
    private const int MostWaiting = 2_000;

    private readonly ConcurrentDictionary<UserId, Walker> walkers = new();

    /// <summary>Takes a position in. True where it is kept, false where it is outside of working hours or older than what is known; a problem where it cannot be.</summary>
    public async Task<Outcome<bool>> TakeAsync(UserId agent, ReportedPosition reported, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (PositionRules.RefuseFuture(reported, now) is { } future)
        {
            WorkforceMetrics.Position("refused");
            return future;
        }

        if (await WalkerAsync(agent, now, cancellationToken) is not { } walker)
        {
            return WorkforceProblems.NotAnAgent.Because("You are not an agent here. Ask a supervisor to make you one.");
        }

        if (!rules.AreHours(reported))
        {
            WorkforceMetrics.Position("outside_hours");
            return false;
        }

        lock (walker)
        {
            var fate = rules.Judge(walker.Walk, reported);
            if (!fate.Succeeded)
            {
                WorkforceMetrics.Position("refused");
                return fate.Problem;
            }

            if (fate.Value == PositionFate.Late)
            {
                WorkforceMetrics.Position("late");
                return false;
            }

            walker.IsNew = true;
            watch.Took(fate.Value == PositionFate.Kept);
            if (fate.Value == PositionFate.Kept)
            {
                walker.Track.Add(reported);
                watch.Dropped(walker.Trim(MostWaiting));
            }
        }

        return true;
    }

    /// <summary>Writes what came in since the last time. Returns how many agents moved.</summary>
    public async Task<int> WriteAsync(CancellationToken cancellationToken)
    {
        watch.Begin();
        var moved = new List<(UserId Agent, ReportedPosition Last, List<ReportedPosition> Track)>();
        foreach (var (agent, walker) in walkers)
        {
            lock (walker)
            {
                if (walker is { IsNew: true, Walk.Last: { } last })
                {
                    moved.Add((agent, last, walker.Track));
                    walker.IsNew = false;
                    walker.Track = [];
                }
            }
        }

        if (moved.Count == 0)
        {
            watch.Stored(0);
            return 0;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var stored = scope.ServiceProvider.GetRequiredService<StoredPositions>();
            await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync(token => stored.SaveAsync(moved, token), cancellationToken);
            watch.Stored(moved.Sum(row => row.Track.Count));
            return moved.Count;
        }
        catch (Exception exception)
        {
            // A conflict is another server that stored the same position in the same moment; the next try sees it.
            GiveBack(moved);
            watch.Failed(StoreFaults.IsUnavailable(exception) ? "the database cannot be reached or is out of space." : "the log says why.");
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryWriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    /// <summary>Whatever it is, the same positions are tried again with those that came since.</summary>
    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.Log(StoreFaults.IsUnavailable(exception) ? LogLevel.Warning : LogLevel.Error, exception, "Positions of agents could not be stored; trying again in {Seconds} s", Interval.TotalSeconds);
        }

        if (watch.TakeDropped() is > 0 and var dropped)
        {
            log.LogWarning("Dropped {Count} positions of agents of whom more than {Most} waited to be stored", dropped, MostWaiting);
        }
    }

    private void GiveBack(List<(UserId Agent, ReportedPosition Last, List<ReportedPosition> Track)> moved)
    {
        foreach (var (agent, _, track) in moved)
        {
            if (walkers.TryGetValue(agent, out var walker))
            {
                lock (walker)
                {
                    walker.Track.InsertRange(0, track);
                    walker.IsNew = true;
                    watch.Dropped(walker.Trim(MostWaiting));
                }
            }
        }
    }

    private async Task<Walker?> WalkerAsync(UserId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (walkers.TryGetValue(id, out var known) && now - known.LookedAt < KnownFor)
        {
            return known;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        if (await db.Set<Agent>().AsNoTracking().FirstOrDefaultAsync(agent => agent.Id == id && agent.RetiredAt == null, cancellationToken) is not { } found)
        {
            return null;
        }

        var walker = walkers.GetOrAdd(id, _ => new Walker());
        lock (walker)
        {
            walker.LookedAt = now;
            walker.Walk.Last ??= ReportedPosition.Of(found);
        }

        return walker;
    }

    private sealed class Walker
    {
        public DateTimeOffset LookedAt { get; set; }

        public Walk Walk { get; } = new();

        public List<ReportedPosition> Track { get; set; } = [];

        public bool IsNew { get; set; }

        /// <summary>Returns how many of the oldest points went.</summary>
        public int Trim(int most)
        {
            var over = Math.Max(0, Track.Count - most);
            Track.RemoveRange(0, over);
            return over;
        }
    }
}
