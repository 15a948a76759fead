using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;
using MeterSync.Store;

namespace MeterSync.Host.Telemetry;

/// <summary>The gauges that the store and the modules keep, looked at anew together and at most every fifteen seconds: what they count is many rows.</summary>
internal sealed class GaugeRound
{
    private const int OldestSeconds = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly IReadOnlyList<IGaugeSource> sources;
    private readonly ILogger<GaugeRound> log;
    private readonly Recent<bool> recent;

    public GaugeRound(IEnumerable<IGaugeSource> sources, TimeProvider clock, ILogger<GaugeRound> log)
    {
        (this.sources, this.log) = ([.. sources], log);
        recent = new Recent<bool>(LookAsync, clock, OldestSeconds);
    }

    public void Register(Meter meter)
    {
        foreach (var source in sources)
        {
            source.Register(meter);
        }
    }

    public Task RefreshAsync(CancellationToken cancellationToken) => recent.GetAsync(cancellationToken);

    private async Task<bool> LookAsync() => (await Task.WhenAll(sources.Select(LookAsync))).All(seen => seen);

    private async Task<bool> LookAsync(IGaugeSource source)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await source.RefreshAsync(limit.Token);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || StoreFaults.IsUnavailable(exception))
        {
            log.LogWarning(exception, "Some numbers could not be looked up for the metrics");
            return false;
        }
    }
}
