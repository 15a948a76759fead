using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>The open cycles with their meters, and those closed while readings may still come in late, in memory: asking for them costs a reading no query. Which meters are in a
/// cycle is settled when it opens, so they are read once; those that exchanges put at their places since are few and read each time. A change shows at once in the process that
/// makes it and within ten seconds in others.</summary>
internal sealed class OpenCycles(IServiceScopeFactory scopes, IOptions<WorkforceOptions> options, TimeProvider clock, ILogger<OpenCycles> log) : BackgroundService, IStartTask, ICycleWindows
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private volatile IReadOnlyList<OpenCycle> open = [];

    public (DateTimeOffset From, DateTimeOffset To)? OfMeter(MeterId meter, DateTimeOffset at)
    {
        foreach (var cycle in open)
        {
            if (cycle.From <= at && at < cycle.To && (cycle.Meters.Contains(meter) || cycle.Joined.Contains(meter)))
            {
                return (cycle.From, cycle.To);
            }
        }

        return null;
    }

    public Task RunAsync(StartRequest start, CancellationToken cancellationToken) => RefreshAsync(cancellationToken);

    async Task ICycleWindows.RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
        }
        catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
        {
            log.LogWarning(exception, "Open read cycles could not be looked up; trying again in {Seconds} s", Interval.TotalSeconds);
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var closedSince = clock.GetUtcNow().AddDays(-options.Value.LateReadingDays).ToStored();
        // Where windows overlap, the open cycle comes first, then the one closed last.
        var rows = await db.Set<ReadCycle>().AsNoTracking().Where(cycle => cycle.Status == CycleStatus.Open || (cycle.Status == CycleStatus.Closed && cycle.ClosedAt >= closedSince))
            .OrderByDescending(cycle => cycle.Status == CycleStatus.Open).ThenByDescending(cycle => cycle.ClosedAt).ThenBy(cycle => cycle.Id)
            .Select(cycle => new { cycle.Id, cycle.WindowFrom, cycle.WindowTo }).ToListAsync(cancellationToken);
        var known = open.ToDictionary(cycle => cycle.Id);
        var now = new List<OpenCycle>(rows.Count);
        List<ReadCycleId> wanted = rows.ConvertAll(row => row.Id);
        var joined = wanted.Count == 0 ? [] : await db.Set<CycleMeter>().Where(due => due.SuccessorId != null && wanted.Contains(due.CycleId))
            .Select(due => new { due.CycleId, Meter = due.SuccessorId!.Value }).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            var meters = known.GetValueOrDefault(row.Id)?.Meters ?? await db.Set<CycleMeter>().Where(due => due.CycleId == row.Id).Select(due => due.MeterId).ToHashSetAsync(cancellationToken);
            now.Add(new OpenCycle(row.Id, row.WindowFrom, row.WindowTo, meters, joined.Where(due => due.CycleId == row.Id).Select(due => due.Meter).ToHashSet()));
        }

        open = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "Open read cycles could not be looked up; trying again in {Seconds} s", Interval.TotalSeconds);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A bug in here must not stop the server.
                log.LogError(exception, "Looking up open read cycles failed; trying again in {Seconds} s", Interval.TotalSeconds);
            }
        }
    }

    /// <param name="Meters">Also those that were exchanged since: what was read of them before still belongs to the cycle.</param>
    private sealed record OpenCycle(ReadCycleId Id, DateTimeOffset From, DateTimeOffset To, HashSet<MeterId> Meters, HashSet<MeterId> Joined);
}
