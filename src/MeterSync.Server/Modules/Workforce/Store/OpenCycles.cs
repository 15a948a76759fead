using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>The windows of open cycles and of those closed lately, in memory: asking for them costs a reading no query. A change shows at once in the process that makes it and within ten seconds in others.</summary>
internal sealed class OpenCycles(IServiceScopeFactory scopes, TimeProvider clock, ILogger<OpenCycles> log) : BackgroundService, IStartTask
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(400);

    private volatile IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> windows = [];

    /// <summary>The narrowest window that holds the instant; null where none does.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? At(DateTimeOffset instant)
    {
        (DateTimeOffset From, DateTimeOffset To)? best = null;
        foreach (var window in windows)
        {
            if (window.From <= instant && instant < window.To && (best is null || window.To - window.From < best.Value.To - best.Value.From))
            {
                best = window;
            }
        }

        return best;
    }

    public Task RunAsync(StartRequest start, CancellationToken cancellationToken) => RefreshAsync(cancellationToken);

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var since = clock.GetUtcNow().ToStored() - Remembered;
        var rows = await db.Set<ReadCycle>().AsNoTracking().Where(cycle => cycle.Status != CycleStatus.Planned && cycle.WindowTo > since).Select(cycle => new { cycle.WindowFrom, cycle.WindowTo }).Distinct().ToListAsync(cancellationToken);
        windows = [.. rows.Select(row => (row.WindowFrom, row.WindowTo))];
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
        }
    }
}
