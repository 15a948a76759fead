using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Store.Blobs;

/// <summary>How the storage does: counts what it did, and knows whether it did the last thing it was asked for.</summary>
internal sealed class BlobWatch(TimeProvider clock) : IHealthProbe
{
    public const string Put = "put";
    public const string Read = "read";
    public const string Delete = "delete";

    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(15);
    private static readonly Counter<long> Operations = Instrumentation.Meter.CreateCounter<long>("metersync.storage.operations", "{operation}", "What the storage of photos and files was asked for, by outcome");
    private static readonly Counter<long> Bytes = Instrumentation.Meter.CreateCounter<long>("metersync.storage.bytes", "By", "Bytes of photos and files that were put and opened");
    private readonly Lock guard = new();
    private string? trouble;
    private DateTimeOffset since;
    private DateTimeOffset probed;

    public string Name => "storage";

    /// <summary>Asks the storage for something small; set by whoever made it.</summary>
    public Func<Task>? Probe { get; set; }

    public void Did(string operation, long bytes)
    {
        Operations.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", "succeeded"));
        if (bytes > 0)
        {
            Bytes.Add(bytes, new KeyValuePair<string, object?>("operation", operation));
        }

        Well();
    }

    public void Well()
    {
        lock (guard)
        {
            trouble = null;
        }
    }

    public void Failed(string why, string operation = Put)
    {
        Operations.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", "failed"));
        lock (guard)
        {
            since = trouble is null ? clock.GetUtcNow() : since;
            trouble = why;
        }
    }

    /// <summary>After a failure it is tried again now and then, so that health does not wait for the next photo.</summary>
    public (bool IsHealthy, string Message) Look()
    {
        lock (guard)
        {
            if (trouble is null)
            {
                return (true, "Photos and files could be stored when last asked for.");
            }

            var now = clock.GetUtcNow();
            if (Probe is { } probe && now - probed > BetweenProbes)
            {
                probed = now;
                _ = Task.Run(() => TryAsync(probe));
            }

            return (false, $"{trouble} Since {since:yyyy-MM-dd HH:mm:ss} UTC photos and files wait with their senders.");
        }
    }

    private async Task TryAsync(Func<Task> probe)
    {
        try
        {
            await probe();
            Well();
        }
        catch (BlobStoreException exception)
        {
            Failed(exception.Message, "probe");
        }
    }
}
