using System.Diagnostics.Metrics;

namespace MeterSync.Store.Audit;

/// <summary>How the sealing in this process goes.</summary>
internal sealed class AuditSealing : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TimeProvider clock;
    private readonly Meter meter = new("MeterSync");
    private readonly Counter<long> entriesSealed;
    private readonly Lock guard = new();
    private long waiting;
    private DateTimeOffset? failingSince;
    private string why = "";

    public AuditSealing(TimeProvider clock)
    {
        this.clock = clock;
        entriesSealed = meter.CreateCounter<long>("metersync.audit.entries_sealed", "{entry}", "Entries of the audit log that were given their place in the chain.");
        meter.CreateObservableGauge("metersync.audit.entries_unsealed", () => Interlocked.Read(ref waiting), "{entry}", "Entries that wait for it, as of the last look; counted up to 10,000.");
    }

    public void Succeeded(int count, long left)
    {
        entriesSealed.Add(count);
        Interlocked.Exchange(ref waiting, left);
        lock (guard)
        {
            failingSince = null;
        }
    }

    public void Waits(long entries) => Interlocked.Exchange(ref waiting, entries);

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

    public void Dispose() => meter.Dispose();
}
