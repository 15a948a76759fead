namespace MeterSync.Host.Telemetry;

/// <summary>Begins to listen beside the rest of the start, of whose time it would else take twenty milliseconds, and before the first request.</summary>
internal sealed class MetricStart(IServiceProvider services) : IHostedService
{
    private Task listening = Task.CompletedTask;

    public void Begin() => listening = Task.Run(() =>
    {
        services.GetRequiredService<MetricCollector>().Start();
        services.GetRequiredService<HostGauges>().Register();
    });

    public Task StartAsync(CancellationToken cancellationToken) => listening;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
