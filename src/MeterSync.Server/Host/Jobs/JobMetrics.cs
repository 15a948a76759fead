using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Host.Jobs;

/// <summary>Imports, exports and whatever else runs in the background: how each attempt ended and how long it took.</summary>
internal static class JobMetrics
{
    private static readonly Histogram<double> Duration = Instrumentation.Meter.CreateHistogram(
        "metersync.job.duration", "s", "Attempts at background jobs, by kind and how they ended", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600] });

    /// <param name="kind">Of a job whose handler is known.</param>
    /// <param name="outcome">completed, failed, postponed (the database was away) or interrupted (the server was stopped).</param>
    /// <param name="took">This attempt.</param>
    public static void Ended(string kind, string outcome, TimeSpan took) =>
        Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
