using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Vision.Worker;

namespace MeterSync.Store.Vision;

/// <summary>What the decoding of pictures does and costs.</summary>
internal static class VisionMetrics
{
    private static readonly Counter<long> Requests = Instrumentation.Meter.CreateCounter<long>("metersync.vision.requests", "{picture}", "Pictures handed to the processes that decode them, by operation and outcome");
    private static readonly Histogram<double> Durations = Instrumentation.Meter.CreateHistogram<double>("metersync.vision.duration", "s", "How long pictures took, the start of a process included, the wait for one's turn not");
    private static readonly Counter<long> Ends = Instrumentation.Meter.CreateCounter<long>("metersync.vision.process_ends", "{process}", "Processes that decoded pictures and ended, by reason");

    public static void Answered(WorkerOperation operation, Problem? problem, TimeSpan took)
    {
        var kind = new KeyValuePair<string, object?>("operation", operation == WorkerOperation.Facts ? "facts" : "thumbnail");
        Requests.Add(1, kind, new("outcome", problem is null ? "done" : problem.Code.Code["photo.".Length..]));
        Durations.Record(took.TotalSeconds, kind);
    }

    /// <param name="reason">idle, worn, timeout, cancelled, crash, start or library.</param>
    public static void Ended(string reason) => Ends.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
