using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Workforce.Positions;

/// <summary>How the positions of this process fare: how many wait to be stored, since when, and why.</summary>
internal sealed class PositionWatch(TimeProvider clock) : IGaugeSource, IHealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Lock guard = new();
    private int waiting;
    private int dropped;
    private DateTimeOffset? waitingSince;
    private DateTimeOffset? writingSince;
    private string why = "nobody writes them.";

    public string Name => "positions";

    public void Register(Meter meter) => meter.CreateObservableGauge("metersync.positions.waiting", () => Volatile.Read(ref waiting), "{position}", "Positions in this process that are still to be stored");

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One came in.</summary>
    /// <param name="isKept">It is a point of the track; else it only says where the agent is now.</param>
    public void Took(bool isKept)
    {
        WorkforceMetrics.Position(isKept ? "kept" : "thinned");
        lock (guard)
        {
            waitingSince ??= clock.GetUtcNow();
            waiting += isKept ? 1 : 0;
        }
    }

    /// <summary>What waits is about to be written; what comes in from here on waits anew.</summary>
    public void Begin()
    {
        lock (guard)
        {
            (writingSince, waitingSince) = (writingSince ?? waitingSince, null);
        }
    }

    public void Stored(int points)
    {
        lock (guard)
        {
            (waiting, writingSince) = (waiting - points, null);
        }
    }

    /// <summary>They wait on.</summary>
    public void Failed(string reason)
    {
        lock (guard)
        {
            (waitingSince, writingSince, why) = (writingSince ?? waitingSince, null, reason);
        }
    }

    /// <summary>There were too many of one agent.</summary>
    public void Dropped(int points)
    {
        if (points > 0)
        {
            WorkforceMetrics.Position("dropped", points);
            lock (guard)
            {
                waiting -= points;
                dropped += points;
            }
        }
    }

    /// <summary>How many were dropped since this was asked last.</summary>
    public int TakeDropped()
    {
        lock (guard)
        {
            var points = dropped;
            dropped = 0;
            return points;
        }
    }

    public (bool IsHealthy, string Message) Look()
    {
        lock (guard)
        {
            return (writingSince ?? waitingSince) is { } since && clock.GetUtcNow() - since > Patience
                ? (false, $"Positions of agents have not been stored since {since:yyyy-MM-dd HH:mm:ss} UTC: {why}")
                : (true, "Positions of agents are stored within seconds.");
        }
    }
}
