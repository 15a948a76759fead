using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Sync;

/// <summary>What phones fetch.</summary>
internal static class PullMetrics
{
    private static readonly Counter<long> Pulls = Instrumentation.Meter.CreateCounter<long>("metersync.sync.pulls", "{pull}", "Fetches by phones, by what they were handed: nothing, changes, or a part of a snapshot");
    private static readonly Counter<long> Resets = Instrumentation.Meter.CreateCounter<long>("metersync.sync.resets", "{reset}", "Phones that were given all anew, by the reason");
    private static readonly Counter<long> Rows = Instrumentation.Meter.CreateCounter<long>("metersync.sync.pulled_rows", "{row}", "Things handed to phones, by what they are; tombstones count");

    public static void Pulled(ChangesView view, bool isLog)
    {
        Pulls.Add(1, new KeyValuePair<string, object?>("answer", view.Changes.Count == 0 ? "nothing" : isLog ? "changes" : "snapshot"));
        foreach (var group in view.Changes.GroupBy(change => change.Entity, StringComparer.Ordinal))
        {
            Rows.Add(group.Count(), new KeyValuePair<string, object?>("entity", group.Key));
        }
    }

    /// <param name="reason">first, epoch, expired or foreign.</param>
    public static void Reset(string reason) => Resets.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
