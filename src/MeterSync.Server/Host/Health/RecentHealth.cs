namespace MeterSync.Host.Health;

/// <summary>The health as it was at most five seconds ago: what anybody may ask as often as they like.</summary>
internal sealed class RecentHealth(HealthChecks checks, TimeProvider clock)
{
    private readonly Recent<HealthReport> recent = new(() => checks.RunAsync(CancellationToken.None), clock);

    public Task<HealthReport> GetAsync(CancellationToken cancellationToken) => recent.GetAsync(cancellationToken);

    /// <summary>Since this process began to serve.</summary>
    public double UptimeSeconds => checks.UptimeSeconds;
}
