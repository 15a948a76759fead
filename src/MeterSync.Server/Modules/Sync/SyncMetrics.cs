using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Sync.Pushing;

namespace MeterSync.Modules.Sync;

/// <summary>What phones brought and what became of it, counted once it is committed.</summary>
internal static class SyncMetrics
{
    private static readonly Counter<long> Items = Instrumentation.Meter.CreateCounter<long>("metersync.sync.items", "{item}", "Items that phones brought, by entity and what became of them");
    private static readonly Histogram<double> Batches = Instrumentation.Meter.CreateHistogram<double>("metersync.sync.batch.duration", "s", "Time to apply a batch, from its first question to the database to its commit");
    private static readonly Counter<long> Tails = Instrumentation.Meter.CreateCounter<long>("metersync.sync.tails_lost", "{event}", "Times a phone showed a receipt that the database had lost; another epoch began");

    public static void Pushed(PushBatch batch, TimeSpan took)
    {
        Batches.Record(took.TotalSeconds);
        foreach (var group in batch.Items.GroupBy(item => (Entity: item.Field is null ? "unknown" : item.Entity!, item.Status)))
        {
            Items.Add(group.Count(), new KeyValuePair<string, object?>("entity", group.Key.Entity), new KeyValuePair<string, object?>("status", group.Key.Status is { } status ? Terms<PushStatus>.WordOf(status) : "unknown"));
        }
    }

    public static void TailLost() => Tails.Add(1);
}
