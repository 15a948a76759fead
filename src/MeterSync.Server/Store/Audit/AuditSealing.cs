using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Store.Audit;

/// <summary>How the sealing in this process goes.</summary>
internal sealed class AuditSealing(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Counter<long> EntriesSealed = Instrumentation.Meter.CreateCounter<long>("metersync.audit.entries_sealed", "{entry}", "Entries of the audit log that were given their place in the chain.");
    private static readonly Gauge<long> EntriesUnsealed = Instrumentation.Meter.CreateGauge<long>("metersync.audit.entries_unsealed", "{entry}", "Entries that wait for it, as of the last look; counted up to 10,000.");
    private readonly Lock guard = new();
    private DateTimeOffset? failingSince;
    private string why = "";

    /// <summary>Whether this process seals at all: those with the worker role do.</summary>
    public bool IsAtWork { get; set; }

    public void Succeeded(int count, long left)
    {
        EntriesSealed.Add(count);
        EntriesUnsealed.Record(left);
        lock (guard)
        {
            failingSince = null;
        }
    }

    public static void Waits(long entries) => EntriesUnsealed.Record(entries);

    public void Failed(string reason)
    {
        lock (guard)
        {
            failingSince ??= clock.GetUtcNow();
            why = reason;
        }
    }

    /// <summary>What has kept entries from being sealed for more than a minute; null where nothing does.</summary>
    public string? Trouble
    {
        get
        {
            lock (guard)
            {
                return failingSince is { } since && clock.GetUtcNow() - since > Patience ? why : null;
            }
        }
    }
}
