using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeterSync.Store.Jobs;

/// <summary>Wakes this process's worker at once; other processes find the job at their next look.</summary>
internal sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0);

    public void Raise() => raised.Release();

    /// <summary>Returns when raised or when <paramref name="patience"/> is over.</summary>
    public Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken) => raised.WaitAsync(patience, cancellationToken);

    public void Dispose() => raised.Dispose();
}

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class JobJson : JsonSerializerContext;
