using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Workforce.MarkOverdue;

/// <summary>When the pass over due work ran last in this process.</summary>
internal sealed class OverdueWatch(TimeProvider clock) : IGaugeSource, IHealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Lock guard = new();
    private DateTimeOffset? atWorkSince;
    private DateTimeOffset? last;
    private string why = "it does not end or was not begun; the log may say why.";

    public string Name => "overdue";

    public void Register(Meter meter) => meter.CreateObservableGauge("metersync.overdue.last_pass", Last, "s", "When this process last looked for overdue work, in seconds since 1970 UTC");

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>This process looks each minute from now on: those with the worker role do.</summary>
    public void Begin()
    {
        lock (guard)
        {
            atWorkSince = clock.GetUtcNow();
        }
    }

    public void Succeeded()
    {
        lock (guard)
        {
            last = clock.GetUtcNow();
        }
    }

    public void Failed(string reason)
    {
        lock (guard)
        {
            why = reason;
        }
    }

    public (bool IsHealthy, string Message) Look()
    {
        lock (guard)
        {
            return atWorkSince is not { } begun ? (true, "Overdue work is marked by a process with the worker role, not by this one.")
                : clock.GetUtcNow() - (last ?? begun) is var silent && silent > Patience ? (false, $"Overdue work has not been marked for {silent.TotalMinutes:0} minutes: {why}")
                : (true, "Overdue work is marked each minute.");
        }
    }

    private IEnumerable<Measurement<double>> Last()
    {
        lock (guard)
        {
            return last is { } at ? [new(at.ToUnixTimeMilliseconds() / 1000d)] : [];
        }
    }
}
