using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeterSync.Host.Health;
using MeterSync.Host.Jobs;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Host.Telemetry;

/// <summary>What a scrape is told beside what was counted: which program this is, since when it runs, how its dependencies and its job queue are.</summary>
internal sealed class HostGauges(IMeterFactory meters, RecentHealth health, JobCensus jobs, GaugeRound gauges)
{
    private volatile HealthReport? report;
    private volatile JobCounts? waiting;

    public void Register()
    {
        var meter = meters.Create(Instrumentation.Name);
        var started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000d;
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the process began, in seconds since 1970 UTC");
        meter.CreateObservableGauge("metersync.build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ProgramVersion.Text)), null, "Which release this is; always 1");
        meter.CreateObservableGauge("metersync.dependency.healthy", Dependencies, null, "1 where a dependency is healthy, 0 where it is not; at most five seconds old");
        meter.CreateObservableGauge("metersync.jobs.waiting", () => Told(waiting?.Waiting), "{job}", "Jobs that wait for a worker, of all processes on this database");
        meter.CreateObservableGauge("metersync.jobs.running", () => Told(waiting?.Running), "{job}", "Jobs under way, of all processes on this database");
        gauges.Register(meter);
    }

    /// <summary>Looks anew where the last look is too old. A database that does not answer leaves the queue untold.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var (looking, counting, measuring) = (health.GetAsync(cancellationToken), jobs.GetAsync(cancellationToken), gauges.RefreshAsync(cancellationToken));
        report = await looking;
        waiting = await counting;
        await measuring;
    }

    private IEnumerable<Measurement<int>> Dependencies() =>
        report?.Dependencies.Select(one => new Measurement<int>(one.Value.Status == HealthReport.Healthy ? 1 : 0, new KeyValuePair<string, object?>("dependency", one.Key))) ?? [];

    private static IEnumerable<Measurement<int>> Told(int? count) => count is { } known ? [new(known)] : [];
}
