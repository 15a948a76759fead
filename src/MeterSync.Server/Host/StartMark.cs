namespace MeterSync.Host;

/// <summary>Knows whether the server has come up. Until then a failure is told in one line by the verb that starts it, and not logged a second time.</summary>
internal sealed class StartMark : IHostedLifecycleService
{
    private volatile bool passed;

    public bool Passed => passed;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        passed = true;
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
